import { z } from 'zod';
import { eventType } from '../event.js';

export const UserRegistered = eventType(
  'users.registered.v1',
  z
    .strictObject({ userId: z.uuid(), email: z.string(), name: z.string() })
    .describe('Somebody has made an account.'),
  (data) => data.userId,
);
