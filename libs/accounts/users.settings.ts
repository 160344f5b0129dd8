import { z } from 'zod';
import {
  address,
  generationsOf,
  type ProductionCheck,
  secretGenerations,
  settings,
  SettingsGroup,
  wholeNumber,
} from '@fissile/kit/config';
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
  // The older ones are on their way out.
  const [newest] = generationsOf(values.AUTH_KEY_SECRET ?? '');
  if (values.AUTH_KEY_SECRET !== undefined && isWeakSecret(newest)) {
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
      description:
        'Password of the first admin; without it one is made up, printed once, and must be changed at the first sign-in.',
      secret: true,
    },
    ADMIN_SECOND_FACTOR: {
      schema: z.enum(['optional', 'required'], 'expected optional or required').default('optional'),
      description:
        'Whether admins need a second factor: `required` refuses them the routes of operators until they have set one up.',
    },
    AUTH_KEY_SECRET: {
      schema: secretGenerations(16).optional(),
      description:
        'Encrypts the private signing keys and the secrets of second factors in the users database; without it a secret is kept in DATA_DIR. ' +
        'While it is being changed it has several, one a line: all decrypt, and the first encrypts, also what others have encrypted.',
      secret: true,
      renewable: true,
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
    REFRESH_LEEWAY_SECONDS: {
      schema: wholeNumber(0, 300).default(10),
      description:
        'For how long a refresh token that was used gives the same next one again, until that is used; 0 ends the session at once.',
    },
    LOGIN_FAILURES_PER_ACCOUNT: {
      schema: wholeNumber(1, 1_000_000).default(10),
      description:
        'Wrong passwords for one email from one address within 15 minutes, before that address must wait with it.',
    },
    LOGIN_FAILURES_PER_ADDRESS: {
      schema: wholeNumber(1, 1_000_000).default(100),
      description:
        'Wrong passwords from one address (of IPv6: its /64) within 15 minutes, before it must wait.',
    },
    EMAIL_VERIFICATION: {
      schema: z.enum(['off', 'on', 'required'], 'expected off, on or required').default('on'),
      description:
        'Whether an address must be verified: `on` before mails go to it, `required` before its account can sign in too, `off` never.',
    },
    EMAIL_VERIFICATION_HOURS: {
      schema: wholeNumber(1, 720).default(24),
      description: 'How long the token of a verification mail is good.',
    },
    ACCOUNT_MAILS_PER_HOUR: {
      schema: wholeNumber(1, 1_000).default(5),
      description: 'The most mails of one kind about an account that go to one address within an hour.',
    },
    ACCOUNT_MAILS_PER_ADDRESS: {
      schema: wholeNumber(1, 1_000_000).default(100),
      description: 'The most mails about accounts that one network may ask for within an hour.',
    },
    PASSWORD_RESET_MINUTES: {
      schema: wholeNumber(1, 1_440).default(30),
      description: 'How long the token of a mail for a new password is good.',
    },
    PUBLIC_URL: {
      schema: address('http', 'https').optional(),
      description:
        "Where users reach the product's pages: links in mails lead to `/account` below it. Without it, mails carry the token alone.",
    },
  },
  undefined,
  keepsItsSecrets,
) {}
