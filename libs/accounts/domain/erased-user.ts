import { firstRole } from './roles.js';
import type { User } from './user.js';

/** A name that no mail server has (RFC 2606). */
const NOWHERE = 'erased.invalid';

/**
 * What is left of a user: the id, which others refer to, and what every account must have.
 * @param passwordHash of a password that nobody knows
 */
export function erasedUser({ id, createdAt, version }: User, passwordHash: string): User {
  return {
    id,
    createdAt,
    passwordHash,
    passwordMustChange: false,
    email: `${id}@${NOWHERE}`,
    name: 'Erased account',
    roles: [firstRole()],
    status: 'disabled',
    version: version + 1,
    emailVerifiedAt: null,
    erasedAt: new Date(),
  };
}
