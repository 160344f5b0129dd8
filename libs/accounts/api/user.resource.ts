import { z } from 'zod';
import { Id, inOrderOfTime, operatorQuery, textLine, Words } from '@fissile/kit/http';
import { EXAMPLE_PASSWORD } from '../domain/chosen-secrets.js';
import { Email } from '../domain/email.js';
import { Role, Roles } from '../domain/roles.js';
import type { ListedUser } from '../data/user-list.js';
import { Code, CurrentPassword, NewPassword } from './credentials.resource.js';

const name = textLine(200);
const Status = z.enum(['active', 'disabled']);

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: NewPassword,
    name: name.meta({ example: 'Ada Lovelace' }),
  })
  .meta({
    id: 'Registration',
    example: { email: 'ada@example.com', password: EXAMPLE_PASSWORD, name: 'Ada Lovelace' },
  });

/** What a sign-in by a password may be refused for. */
export const LOGIN_PROBLEMS = [
  'validation_failed',
  'invalid_credentials',
  'second_factor_required',
  'invalid_code',
  'password_change_required',
  'account_disabled',
  'too_many_requests',
] as const;

export const LoginBody = z
  .strictObject({
    email: Email,
    password: CurrentPassword,
    code: Code.optional().meta({
      description: 'Where the account has a second factor: a code of its app, or a recovery code',
    }),
    newPassword: NewPassword.optional().meta({
      description: 'Where the password must be changed, as a generated one: what takes its place',
    }),
  })
  .meta({
    id: 'Login',
    example: { email: 'ada@example.com', password: EXAMPLE_PASSWORD },
  });

export const RefreshBody = z
  .strictObject({ refreshToken: z.string().min(1).max(200) })
  .meta({ id: 'Refresh', example: { refreshToken: 'uX2qk0Wb7Yt9mJcR4sVfHg' } });

export const TokensResource = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int().meta({ description: 'Seconds until the access token expires' }),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'Tokens' });

export const ProfileBody = z
  .strictObject({ name })
  .meta({ id: 'ProfileChange', example: { name: 'Ada Lovelace' } });

export const UserChangeBody = z
  .strictObject({
    roles: Roles.optional(),
    status: Status.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'expected at least one field')
  .meta({ id: 'UserChange', example: { status: 'disabled' } });

export const UserListQuery = z
  .strictObject({
    ...operatorQuery,
    text: Words.optional().meta({
      description: 'Words of the address and the name, each from its beginning on',
    }),
    role: Role.optional(),
    status: Status.optional(),
  })
  .refine(...inOrderOfTime);

export const RolesResource = z
  .object({ roles: z.array(z.string()).meta({ description: 'A new account has the first' }) })
  .meta({ id: 'Roles' });

export const UserResource = z
  .object({
    id: Id,
    email: z.string(),
    emailVerified: z.boolean().meta({ description: 'Whether its owner has confirmed the address' }),
    name: z.string(),
    roles: z.array(Role),
    status: Status,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });

export type UserResource = z.output<typeof UserResource>;

export function toResource(user: ListedUser): UserResource {
  const { id, email, name, roles, status, createdAt, emailVerifiedAt } = user;
  const emailVerified = emailVerifiedAt !== null;
  return { id, email, emailVerified, name, roles, status, createdAt: createdAt.toISOString() };
}
