export { Users } from '@fissile/kit/contract';
export type {
  FindUsersRequest,
  FindUsersResponse,
  FoundUser,
  GetContactRequest,
  GetContactResponse,
  GetContactsRequest,
  GetContactsResponse,
  GetSigningKeysResponse,
  ListRevocationsRequest,
  ListRevocationsResponse,
} from '@fissile/kit/contract';
export { users } from './users-context.js';
export { UserRegistered, UserRegisteredV1 } from './users-events.js';
