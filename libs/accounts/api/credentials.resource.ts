import { z } from 'zod';
import { EXAMPLE_PASSWORD } from '../domain/chosen-secrets.js';
import { Email } from '../domain/email.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../domain/password-rules.js';

const MAX_TOKEN_LENGTH = 200;

const MAX_CODE_LENGTH = 64;

const TOKEN = 'uX2qk0Wb7Yt9mJcR4sVfHg';

const token = z
  .string()
  .min(1, 'expected the token of a mail or link')
  .max(MAX_TOKEN_LENGTH, `expected at most ${MAX_TOKEN_LENGTH} characters`);

/** A password as it is chosen. */
export const NewPassword = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `expected at least ${MIN_PASSWORD_LENGTH} characters`)
  .max(MAX_PASSWORD_LENGTH, `expected at most ${MAX_PASSWORD_LENGTH} characters`)
  .meta({ format: 'password', example: EXAMPLE_PASSWORD });

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

export const AddressBody = z
  .strictObject({ email: Email })
  .meta({ id: 'MailRequest', example: { email: 'ada@example.com' } });

export const TokenBody = z.strictObject({ token }).meta({ id: 'MailToken', example: { token: TOKEN } });

export const LinkTokenBody = z
  .strictObject({ token })
  .meta({ id: 'SignInLinkToken', example: { token: TOKEN } });

export const PasswordChangeBody = z
  .strictObject({ currentPassword: CurrentPassword, newPassword: NewPassword })
  .meta({
    id: 'PasswordChange',
    example: { currentPassword: EXAMPLE_PASSWORD, newPassword: 'a longer battery staple' },
  });

export const PasswordResetBody = z
  .strictObject({ token, password: NewPassword })
  .meta({ id: 'PasswordReset', example: { token: TOKEN, password: EXAMPLE_PASSWORD } });

export const SecondFactorBody = z
  .strictObject({ password: CurrentPassword })
  .meta({ id: 'SecondFactorStart', example: { password: EXAMPLE_PASSWORD } });

export const CodeBody = z
  .strictObject({ code: Code })
  .meta({ id: 'SecondFactorCode', example: { code: '123456' } });

export const ProofBody = z
  .strictObject({ password: CurrentPassword, code: Code })
  .meta({ id: 'SecondFactorProof', example: { password: EXAMPLE_PASSWORD, code: '123456' } });
