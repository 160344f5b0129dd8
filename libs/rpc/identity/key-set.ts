import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import type { KnownKey } from './credentials.js';
import { kidOf, ProcessKey } from './process-key.js';

const Entry = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
  process: z.string().min(1),
  hosts: z.array(z.string()).optional(),
});

const KeySet = z.object({ keys: z.array(Entry) });

/** The public keys of processes, by the names under which tokens ask for them. A process may have several: while it changes keys. */
export type PublicKeys = ReadonlyMap<string, KnownKey>;

/**
 * @param text a JSON Web Key Set of Ed25519 keys, each with the name of its `process`
 * @throws Error for any other text
 */
export function readKeySet(text: string): PublicKeys {
  const { keys } = KeySet.parse(JSON.parse(text));
  return new Map(
    keys.map(({ process, hosts, ...jwk }) => {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      return [kidOf(jwk), { key, process, ...(hosts && { hosts }) }];
    }),
  );
}

export function isKeySet(text: string): boolean {
  try {
    return readKeySet(text).size > 0;
  } catch {
    return false;
  }
}

/** Whether a private key is one of those that a set has for a process. */
export function isKeyOf(process: string, key: string, keys: string | undefined): boolean {
  try {
    return keys !== undefined && readKeySet(keys).get(ProcessKey.parse(key).kid)?.process === process;
  } catch {
    return false;
  }
}
