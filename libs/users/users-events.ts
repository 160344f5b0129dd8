import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';

/** Who it is, `Users.getContact` says, for as long as there is an account: brokers keep events for longer. */
export const UserRegistered = eventType(
  'users.registered.v2',
  z.object({ userId: z.uuid() }).describe('Somebody has made an account.'),
  (data) => data.userId,
);

/** What versions before 0.3 publish. Handlers of both need not be deployed together with the context. */
export const UserRegisteredV1 = eventType(
  'users.registered.v1',
  z
    .object({ userId: z.uuid(), email: z.string(), name: z.string() })
    .describe('Somebody has made an account, as versions before 0.3 publish it.'),
  (data) => data.userId,
);
