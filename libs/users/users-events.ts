import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';

export const UserRegistered = eventType(
  'users.registered.v1',
  z
    .object({ userId: z.uuid(), email: z.string(), name: z.string() })
    .describe('Somebody has made an account.'),
  (data) => data.userId,
);
