import type { z } from 'zod';
import type { SagaRecord, TimelineEntry } from '@fissile/kit/saga';
import { CANCEL_ORDER } from '../sagas/cancel-order.saga.js';
import type { TimelineResource } from './order.resource.js';

type Timeline = z.output<typeof TimelineResource>;

/** The history of an order, oldest first: its placement and, if there was one, its cancellation. */
export function toTimeline(orderId: string, sagas: readonly SagaRecord[]): Timeline | undefined {
  const latest = sagas.at(-1);
  if (!latest) return undefined;
  return {
    orderId,
    sagaId: latest.id,
    status: latest.status,
    steps: sagas.flatMap((saga) => saga.timeline.map((entry) => toStep(saga, entry))),
  };
}

/** The steps of a cancellation compensate those of the placement. */
function toStep(saga: SagaRecord, entry: TimelineEntry): Timeline['steps'][number] {
  const { name, attempt, status, startedAt, endedAt, error } = entry;
  const kind = saga.name === CANCEL_ORDER && name !== 'begin-cancellation' ? 'undo' : entry.kind;
  return { saga: saga.name, sagaId: saga.id, name, kind, attempt, status, startedAt, endedAt, error };
}
