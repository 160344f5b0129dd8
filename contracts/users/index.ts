// The kit's own context, here so that it is imported like any other.
export { type GetContactResponse, UserRegistered, UserRegisteredV1, Users, users } from '@fissile/kit/users';
