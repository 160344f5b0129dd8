import { contract, defineContext } from '@fissile/kit/contract';
import { UsersDefinition } from '../generated/users/users.js';
import { UserRegistered } from './users.events.js';
import { userErrors } from './users.errors.js';

/** See users.proto. */
export abstract class Users extends contract(UsersDefinition) {}

export type {
  GetContactRequest,
  GetContactResponse,
  GetContactsRequest,
  GetContactsResponse,
  GetSigningKeysResponse,
} from '../generated/users/users.js';
export type {
  ListRevocationsRequest,
  ListRevocationsResponse,
  Revocation,
} from '../generated/users/users.js';

export { UserRegistered };

export const users = defineContext({
  name: 'users',
  contract: Users,
  publishes: [UserRegistered],
  errors: userErrors,
  auditActions: [
    'user.registered',
    'user.roles_changed',
    'user.status_changed',
    'admin.made',
    'login.locked_out',
    'session.ended',
    'session.reused',
  ],
  paths: ['/api/users', '/api/auth', '/.well-known/jwks.json'],
});
