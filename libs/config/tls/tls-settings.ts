import { accessSync, constants, statSync } from 'node:fs';
import { z } from 'zod';
import type { Setting } from '../settings.js';
import { TlsFiles } from './tls-files.js';

type TlsSettingName<X extends string> = `${X}_TLS_CA_FILE` | `${X}_TLS_CERT_FILE` | `${X}_TLS_KEY_FILE`;

type TlsShape<X extends string> = Readonly<Record<TlsSettingName<X>, Setting<string | undefined>>>;

const READABLE = 'the path of a file that can be read';

/** A file that the process needs from its start on. Read each time that it is used, so it may be replaced. */
export const readableFile = () =>
  z.string().refine(isReadable, `expected ${READABLE}`).meta({ expected: READABLE }).optional();

/**
 * Three settings for connections to a server: `<X>_TLS_CA_FILE`, `<X>_TLS_CERT_FILE` and `<X>_TLS_KEY_FILE`.
 * @param name the start of their names, such as `REDIS`
 * @param server who is connected to, in the descriptions
 */
export function tlsSettings<const X extends string>(name: X, server: string): TlsShape<X> {
  const shape: Record<string, Setting<string | undefined>> = {
    [`${name}_TLS_CA_FILE`]: {
      schema: readableFile(),
      description: `A PEM file with the certificates of the authorities whose certificates of ${server} are trusted, in place of those that Node knows.`,
    },
    [`${name}_TLS_CERT_FILE`]: {
      schema: readableFile(),
      description: `A PEM file with the certificate by which this process identifies itself to ${server}.`,
    },
    [`${name}_TLS_KEY_FILE`]: {
      schema: readableFile(),
      description: `A PEM file with the private key of ${name}_TLS_CERT_FILE.`,
    },
  };
  return shape as TlsShape<X>;
}

/** What is wrong with the three settings together: a certificate and its key are given both or not at all. */
export function tlsErrors(name: string, values: object): string[] {
  const { cert, key } = tlsPathsOf(name, values);
  if (cert !== undefined && key === undefined)
    return [`${name}_TLS_KEY_FILE (not set): needed, since ${name}_TLS_CERT_FILE is set`];
  if (key !== undefined && cert === undefined)
    return [`${name}_TLS_CERT_FILE (not set): needed, since ${name}_TLS_KEY_FILE is set`];
  return [];
}

/** The files that the settings of a group name. */
export function tlsFilesOf(name: string, values: object): TlsFiles {
  return new TlsFiles(name, tlsPathsOf(name, values));
}

function tlsPathsOf(name: string, values: object) {
  const given = values as Readonly<Record<string, string | undefined>>;
  return {
    ca: given[`${name}_TLS_CA_FILE`],
    cert: given[`${name}_TLS_CERT_FILE`],
    key: given[`${name}_TLS_KEY_FILE`],
  };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
