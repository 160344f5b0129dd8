import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';

export const SlotsHeld = eventType(
  'beta.slots_held.v1',
  z
    .object({ runId: z.uuid(), slots: z.array(z.object({ slotId: z.string(), count: z.int().min(1) })) })
    .describe('A run holds all slots that it requested.'),
  (data) => data.runId,
);
