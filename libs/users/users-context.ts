import { defineContext, Users } from '@fissile/kit/contract';
import { UserRegistered } from './users-events.js';
import { userErrors } from './users-errors.js';

/** The context of accounts, for a product that keeps its own. `@fissile/kit/accounts` has what it does. */
export const users = defineContext({
  name: 'users',
  contract: Users,
  publishes: [UserRegistered],
  errors: userErrors,
  auditActions: [
    'user.registered',
    'user.email_verified',
    'password.changed',
    'password.reset',
    'second_factor.added',
    'second_factor.removed',
    'second_factor.reset',
    'recovery_codes.renewed',
    'recovery_code.used',
    'user.roles_changed',
    'user.status_changed',
    'admin.made',
    'login.succeeded',
    'login.failed',
    'login.locked_out',
    'refresh.refused',
    'session.ended',
    'session.others_ended',
    'session.reused',
  ],
  paths: ['/api/users', '/api/auth', '/.well-known/jwks.json'],
});

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<keyof typeof users.errors, true> {}
    interface AuditActions extends Record<(typeof users.auditActions)[number], true> {}
  }
}
