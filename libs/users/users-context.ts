import { defineContext, Users } from '@fissile/kit/contract';
import { UserRegistered, UserRegisteredV1 } from './users-events.js';
import { userErrors } from './users-errors.js';

/** The context of accounts, for a product that keeps its own. `@fissile/kit/accounts` has what it does. */
export const users = defineContext({
  name: 'users',
  description: 'Accounts: registration, sign-in, sessions, second factors and personal data',
  contract: Users,
  publishes: [UserRegistered, UserRegisteredV1],
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
    'user.erasure_begun',
    'user.erased',
    'admin.made',
    'login.succeeded',
    'login.failed',
    'login.locked_out',
    'sign_in_link.used',
    'sign_in_link.refused',
    'refresh.refused',
    'session.ended',
    'session.others_ended',
    'session.all_ended',
    'session.reused',
  ],
  paths: ['/api/users', '/api/auth', '/.well-known/jwks.json'],
  personal: [
    {
      data: 'email, name and password (as a hash) of the account',
      erasure: 'replaced at once; the id stays',
    },
    { data: 'sessions, with the network and the program that they were begun from', erasure: 'deleted' },
    { data: 'networks that the account has been signed in from', erasure: 'deleted' },
    { data: 'mails to the address, and tokens in them', erasure: 'deleted' },
  ],
});

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<keyof typeof users.errors, true> {}
    interface AuditActions extends Record<(typeof users.auditActions)[number], true> {}
  }
}
