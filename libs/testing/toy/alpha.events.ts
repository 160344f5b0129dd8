import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';

export const RunEnded = eventType(
  'alpha.run_ended.v1',
  z.object({ runId: z.uuid(), outcome: z.enum(['done', 'undone']) }).describe('A run has come to its end.'),
  (data) => data.runId,
);
