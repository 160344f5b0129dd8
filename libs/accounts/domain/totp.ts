import { Secret, TOTP } from 'otpauth';

/** What authenticator apps take without asking. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** As long as an output of SHA-1, which RFC 4226 recommends. */
const SECRET_BYTES = 20;
/** Clocks differ, and typing takes a while: the step before and the one after are good too. */
const WINDOW = 1;

/** A random secret, in base32 as apps take it. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/**
 * What an authenticator app reads, also as a QR code.
 * @param account whose codes they are
 * @param issuer where they are good
 */
export function otpauthUri(secret: string, account: string, issuer: string | undefined): string {
  const named = issuer === undefined ? {} : { issuer };
  return new TOTP({ ...PARAMETERS, ...named, label: account, secret: Secret.fromBase32(secret) }).toString();
}

/**
 * The time step (RFC 6238) that a code is of; undefined for a wrong one.
 * @param now milliseconds since 1970
 */
export function timeStepOf(secret: string, code: string, now = Date.now()): number | undefined {
  const token = readTotpCode(code);
  if (token === undefined) return undefined;
  const totp = new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? undefined : totp.counter({ timestamp: now }) + delta;
}

/** The digits of a code of an app, however it is spaced; undefined for what can be none, such as a recovery code. */
export function readTotpCode(text: string): string | undefined {
  const digits = text.replaceAll(/\s/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
