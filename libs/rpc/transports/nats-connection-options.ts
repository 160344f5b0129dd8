import { readFileSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { tlsFilesOf } from '@fissile/kit/config';
import type { TransportSettings } from './transport.settings.js';

type Optional = 'NATS_TLS_CA_FILE' | 'NATS_TLS_CERT_FILE' | 'NATS_TLS_KEY_FILE' | 'NATS_CREDENTIALS_FILE';

export type NatsSettings = Pick<TransportSettings, 'NATS_URL'> & Partial<Pick<TransportSettings, Optional>>;

/** What the driver takes for TLS; its own types are there only where the driver is. */
interface NatsTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly checkServerIdentity: (name: string, certificate: PeerCertificate) => Error | undefined;
}

/**
 * Where answers to a process arrive: the account of the process reads there, and that of no other has to.
 * @param process undefined where processes share an account
 */
export function natsInboxPrefix(process: string | undefined): string {
  return process === undefined ? '_INBOX' : `_INBOX.${process}`;
}

/**
 * The options with which @nats-io/transport-node connects to NATS_URL. User, password and files are those of the moment of each
 * connection.
 * @param authenticatorOf the driver's, which is loaded only where it is used
 * @param process whose answers arrive by this connection
 */
export function natsConnectionOptions<Auth>(
  settings: NatsSettings,
  authenticatorOf: (credentials: Uint8Array) => (nonce?: string) => Auth,
  process?: string,
) {
  const { host, hostname, protocol } = new URL(settings.NATS_URL);
  const files = tlsFilesOf('NATS', settings);
  return {
    servers: [host],
    authenticator: (nonce?: string) => {
      const { NATS_URL: url, NATS_CREDENTIALS_FILE: credentials } = settings;
      return credentials === undefined ? userIn(url) : authenticatorOf(readFileSync(credentials))(nonce);
    },
    ...((protocol === 'tls:' || files.areGiven) && {
      tls: { ...pathsFor(files.paths), ...verifying(hostname) } satisfies NatsTls as NatsTls,
    }),
    inboxPrefix: natsInboxPrefix(process),
    timeout: 3_000,
  };
}

function userIn(url: string): { user: string; pass: string } | undefined {
  const { username, password } = new URL(url);
  if (username === '') return undefined;
  return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

/** For an address that is no name, the driver would compare the certificate with localhost. */
function verifying(hostname: string) {
  return {
    checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
      checkServerIdentity(hostname.replace(/^\[|\]$/g, ''), certificate),
  };
}

/** The driver reads the files itself, for each connection. */
function pathsFor(
  paths: Readonly<Record<'ca' | 'cert' | 'key', string | undefined>>,
): Record<string, string> {
  const named = { caFile: paths.ca, certFile: paths.cert, keyFile: paths.key };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
