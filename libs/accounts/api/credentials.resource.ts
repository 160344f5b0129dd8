import { z } from 'zod';
import { Email } from '../domain/email.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../domain/password-rules.js';

const MAX_TOKEN_LENGTH = 200;

const MAX_CODE_LENGTH = 64;

const token = z
  .string()
  .min(1, 'expected the token of a mail or link')
  .max(MAX_TOKEN_LENGTH, `expected at most ${MAX_TOKEN_LENGTH} characters`);

/** A password as it is chosen. */
export const NewPassword = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `expected at least ${MIN_PASSWORD_LENGTH} characters`)
  .max(MAX_PASSWORD_LENGTH, `expected at most ${MAX_PASSWORD_LENGTH} characters`)
  .meta({ format: 'password', example: 'correct horse battery staple' });

/** A password as it is checked: what was chosen under earlier rules still counts. */
export const CurrentPassword = z
  .string()
  .min(1, 'expected a password')
  .max(MAX_PASSWORD_LENGTH, `expected at most ${MAX_PASSWORD_LENGTH} characters`)
  .meta({ format: 'password' });

/** Of an authenticator app, or for recovery, however it is spaced. */
export const Code = z
  .string()
  .min(6, 'expected a code of 6 digits, or a recovery code')
  .max(MAX_CODE_LENGTH, `expected at most ${MAX_CODE_LENGTH} characters`);

export const AddressBody = z.strictObject({ email: Email }).meta({ id: 'MailRequest' });

export const TokenBody = z.strictObject({ token }).meta({ id: 'MailToken' });

export const LinkTokenBody = z.strictObject({ token }).meta({ id: 'SignInLinkToken' });

export const PasswordChangeBody = z
  .strictObject({ currentPassword: CurrentPassword, newPassword: NewPassword })
  .meta({ id: 'PasswordChange' });

export const PasswordResetBody = z
  .strictObject({ token, password: NewPassword })
  .meta({ id: 'PasswordReset' });

export const SecondFactorBody = z
  .strictObject({ password: CurrentPassword })
  .meta({ id: 'SecondFactorStart' });

export const CodeBody = z.strictObject({ code: Code }).meta({ id: 'SecondFactorCode' });

export const ProofBody = z
  .strictObject({ password: CurrentPassword, code: Code })
  .meta({ id: 'SecondFactorProof' });
