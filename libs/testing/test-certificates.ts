import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of PEM files, for servers and clients alike. */
export interface TestCertificates {
  /** The authority that has signed cert. */
  readonly ca: string;
  /** For localhost, and for no address. */
  readonly cert: string;
  readonly key: string;
  /** An authority that has signed nothing. */
  readonly otherCa: string;
  /** Signs another certificate for the same name, with a key of its own, in place of the files. */
  renew(): void;
  /** Signs one that has expired, in place of the files. */
  expire(): void;
  remove(): void;
}

const DAYS = '2';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority and a certificate with openssl, in a folder of their own. */
export function makeTestCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-certificates-'));
  // Brokers run as users of their own.
  chmodSync(folder, 0o755);
  const at = (name: string): string => join(folder, name);
  const openssl = (...parameters: string[]): void =>
    void execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' });
  const authority = (name: string): void =>
    openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-days',
      DAYS,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  const sign = (days: string): void => {
    openssl('req', ...NEW_KEY, '-subj', '/CN=localhost', '-keyout', 'new.key', '-out', 'new.csr');
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    openssl('x509', '-req', '-in', 'new.csr', ...signed, '-days', days, '-out', 'new.pem');
    chmodSync(at('new.key'), 0o644);
    for (const part of ['key', 'pem']) renameSync(at(`new.${part}`), at(`own.${part}`));
  };
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost\n');
  authority('ca');
  authority('other');
  const renew = (): void => sign(DAYS);
  renew();
  return {
    ca: at('ca.pem'),
    cert: at('own.pem'),
    key: at('own.key'),
    otherCa: at('other.pem'),
    renew,
    expire: () => sign('-1'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
