/** The file of the public keys of all processes. */
export const PUBLIC_KEYS = 'internal-keys.json';

export interface KeysOptions {
  readonly topology: string;
  readonly out: string;
  readonly process?: string;
  readonly drop?: string;
}
