import { z } from 'zod';
import { type ProductionCheck, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';
import { Email } from './domain/email.js';
import { isPublished, isWeakSecret } from './domain/chosen-secrets.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './domain/password-rules.js';

interface Secrets {
  readonly ADMIN_PASSWORD?: string | undefined;
  readonly AUTH_KEY_SECRET?: string | undefined;
}

/** What protects every account is not what anybody can read or guess. */
const keepsItsSecrets = ({ values }: ProductionCheck<Secrets>): string[] => {
  const errors: string[] = [];
  if (values.ADMIN_PASSWORD !== undefined && isPublished(values.ADMIN_PASSWORD)) {
    errors.push('ADMIN_PASSWORD: expected a password of your own; this one is in the documents');
  }
  if (values.AUTH_KEY_SECRET !== undefined && isWeakSecret(values.AUTH_KEY_SECRET)) {
    errors.push(
      'AUTH_KEY_SECRET: expected random text of 32 characters or more, such as that of openssl rand -hex 32',
    );
  }
  return errors;
};

@SettingsGroup()
export class UsersSettings extends settings(
  {
    ADMIN_EMAIL: { schema: Email.default('admin@fissile.example'), description: 'Email of the first admin.' },
    ADMIN_PASSWORD: {
      schema: z
        .string()
        .min(MIN_PASSWORD_LENGTH, `expected at least ${MIN_PASSWORD_LENGTH} characters`)
        .max(MAX_PASSWORD_LENGTH, `expected at most ${MAX_PASSWORD_LENGTH} characters`)
        .optional(),
      description: 'Password of the first admin; without it one is made up and printed once.',
      secret: true,
    },
    AUTH_KEY_SECRET: {
      schema: z.string().min(16, 'expected at least 16 characters').optional(),
      description:
        'Encrypts the private signing keys in the users database; without it a secret is kept in DATA_DIR.',
      secret: true,
    },
    AUTH_KEY_ROTATION_DAYS: {
      schema: wholeNumber(1, 3650).default(30),
      description: 'How long a key signs tokens before the next one does.',
    },
    REFRESH_TOKEN_DAYS: {
      schema: wholeNumber(1, 3650).default(30),
      description: 'How long a session lives without being refreshed.',
    },
    SESSION_DAYS: {
      schema: wholeNumber(1, 3650).default(90),
      description: 'How long a session lives at most, however often it is refreshed.',
    },
    LOGIN_FAILURES_PER_ACCOUNT: {
      schema: wholeNumber(1, 1_000_000).default(10),
      description: 'Wrong passwords for one email within 15 minutes, before it must wait.',
    },
    LOGIN_FAILURES_PER_ADDRESS: {
      schema: wholeNumber(1, 1_000_000).default(100),
      description: 'Wrong passwords from one address within 15 minutes, before it must wait.',
    },
  },
  undefined,
  keepsItsSecrets,
) {}
