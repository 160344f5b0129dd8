import { defineContext } from '@fissile/kit/contract';
import { users as accounts } from '@fissile/kit/users';

export { type GetContactResponse, UserRegistered, Users } from '@fissile/kit/users';

/** The kit's own context, and who in the shop may see the people themselves. */
export const users = defineContext({
  ...accounts,
  callers: {
    getSigningKeys: ['process'],
    listRevocations: ['process'],
    getContact: ['notifications'],
    getContacts: ['notifications'],
  },
});
