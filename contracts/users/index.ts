// The kit's own context, here so that it is imported like any other.
export { type GetContactResponse, UserRegistered, Users, users } from '@fissile/kit/users';
