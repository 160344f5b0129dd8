import { z } from 'zod';
import { Id, textLine } from '@fissile/kit/http';
import { Email } from '../domain/email.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../domain/password-rules.js';
import { Role, Roles } from '../domain/roles.js';
import type { User } from '../domain/user.js';

const name = textLine(200);

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: z
      .string()
      .min(MIN_PASSWORD_LENGTH, `expected at least ${MIN_PASSWORD_LENGTH} characters`)
      .max(MAX_PASSWORD_LENGTH, `expected at most ${MAX_PASSWORD_LENGTH} characters`)
      .meta({ format: 'password', example: 'correct horse battery staple' }),
    name: name.meta({ example: 'Ada Lovelace' }),
  })
  .meta({ id: 'Registration' });

export const LoginBody = z
  .strictObject({
    email: Email,
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH).meta({ format: 'password' }),
  })
  .meta({ id: 'Login' });

export const RefreshBody = z
  .strictObject({ refreshToken: z.string().min(1).max(200) })
  .meta({ id: 'Refresh' });

export const TokensResource = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int().meta({ description: 'Seconds until the access token expires' }),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'Tokens' });

export const ProfileBody = z.strictObject({ name }).meta({ id: 'ProfileChange' });

export const UserChangeBody = z
  .strictObject({
    roles: Roles.optional(),
    status: z.enum(['active', 'disabled']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'expected at least one field')
  .meta({ id: 'UserChange' });

export const UserResource = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    roles: z.array(Role),
    status: z.enum(['active', 'disabled']),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });

export type UserResource = z.output<typeof UserResource>;

export function toResource({ id, email, name, roles, status, createdAt }: User): UserResource {
  return { id, email, name, roles, status, createdAt: createdAt.toISOString() };
}
