import { contract } from '../contract.js';
import { UsersDefinition } from '../generated/users/users.js';

/** See users.proto. */
export abstract class Users extends contract(UsersDefinition, {
  // Every process verifies tokens. Whom a product lets see the people themselves, its description of the context says.
  callers: { getSigningKeys: ['process'], listRevocations: ['process'], findUsers: ['gateway'] },
  needsAdmin: ['findUsers'],
}) {}

export type {
  FindUsersRequest,
  FindUsersResponse,
  FoundUser,
  GetContactRequest,
  GetContactResponse,
  GetContactsRequest,
  GetContactsResponse,
  GetSigningKeysResponse,
} from '../generated/users/users.js';
export type { ListRevocationsRequest, ListRevocationsResponse } from '../generated/users/users.js';
