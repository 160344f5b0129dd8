import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY, TOPOLOGY_FILE } from '@fissile/kit/contract';
import { ProcessKey, type PublicKey } from '@fissile/kit/rpc';
import { CommandError } from '../command-error.js';
import { chosenTopology, readTopologies } from '../generate/topologies.js';
import { findProject, loadProduct } from '../product-project.js';
import { type KeysOptions, PUBLIC_KEYS } from './keys-options.js';

type KnownKey = PublicKey & { readonly process: string; readonly hosts?: readonly string[] };

/** Writes a key for each process that has none, or the next one of a process, and the public halves of all. */
export async function makeKeys({ topology, out, process, drop }: KeysOptions): Promise<void> {
  const { root } = findProject();
  const folder = join(root, out);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = readPublic(folder);
  if (drop !== undefined) return writePublic(folder, out, withNewestAlone(known, drop));
  const processes = await processesOf(root, topology);
  const names = [...processes.keys()];
  if (process !== undefined && !processes.has(process)) {
    throw new CommandError(`--process: ${topology} has no process ${process}; it has ${names.join(', ')}`);
  }
  const fresh = names
    .filter((name) => (process ?? name) === name)
    .filter((name) => process !== undefined || !existsSync(join(folder, `${name}.key`)))
    .map((name) => ({ process: name, ...writeKey(folder, name) }));
  for (const { process: name } of fresh) console.log(`${out}/${name}.key is the private key of ${name}`);
  const all = withThoseOf(folder, names, [...known, ...fresh]);
  writePublic(
    folder,
    out,
    // While a topology is changed, a process of the old one hosts what it says there.
    all.map((key) => ({
      ...key,
      hosts: [...new Set([...(key.hosts ?? []), ...(processes.get(key.process) ?? [])])],
    })),
  );
}

/** With the public halves of private keys that are there already, should the public file have been lost. */
function withThoseOf(folder: string, names: readonly string[], keys: readonly KnownKey[]): KnownKey[] {
  const lost = names.flatMap((name) => {
    if (keys.some((key) => key.process === name)) return [];
    return [
      {
        process: name,
        ...ProcessKey.parse(readFileSync(join(folder, `${name}.key`), 'utf8').trim()).publicKey,
      },
    ];
  });
  return [...keys, ...lost];
}

/** The file gets its name once it is whole: it is read again while processes run. */
function writePublic(folder: string, out: string, keys: readonly KnownKey[]): void {
  const path = join(folder, PUBLIC_KEYS);
  writeFileSync(`${path}.new`, `${JSON.stringify({ keys }, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
  console.log(`${out}/${PUBLIC_KEYS} has the public keys of all`);
}

function writeKey(folder: string, name: string): PublicKey {
  const key = ProcessKey.generate();
  writeFileSync(join(folder, `${name}.key`), `${key.export()}\n`, { mode: 0o600 });
  return key.publicKey;
}

function withNewestAlone(known: readonly KnownKey[], process: string): KnownKey[] {
  const newest = known.findLast((key) => key.process === process);
  if (!newest) throw new CommandError(`--drop: ${PUBLIC_KEYS} has no key of ${process}`);
  return known.filter((key) => key.process !== process || key === newest);
}

function readPublic(folder: string): KnownKey[] {
  const path = join(folder, PUBLIC_KEYS);
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { keys: KnownKey[] }).keys;
  } catch {
    throw new CommandError(
      `${path}: expected a JSON Web Key Set; mend it, or remove it to have it made anew`,
    );
  }
}

/** What each process of a topology hosts. */
async function processesOf(root: string, topology: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { contextNames } = await loadProduct(findProject());
  const path = join(root, TOPOLOGY_FILE);
  const errors: string[] = [];
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const found = readTopologies(text, [GATEWAY, ...contextNames], errors);
  if (errors.length > 0) throw new CommandError(errors.join('\n'));
  return new Map(chosenTopology(found, topology).processes.map(({ name, hosts }) => [name, hosts]));
}
