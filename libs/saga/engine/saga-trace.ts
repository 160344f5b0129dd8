import { inSpan, isTracing, continueFrom, traceParentOf } from '@fissile/kit/observability';
import { currentCall, runDetached } from '@fissile/kit/request';
import type { SagaRecord, TimelineEntry } from '../store/saga-record.js';

/**
 * Runs a saga in the request and trace that began it: the current one when the saga has just begun, or the stored one
 * when the saga was taken over from a dead process.
 */
export function inSagasTrace<T>(saga: SagaRecord, takenOver: boolean, work: () => T): T {
  const { id: sagaId } = saga;
  if (!takenOver && currentCall()) return runDetached(work, { sagaId });
  const origin = saga.origin ?? { traceparent: traceParentOf(sagaId.replaceAll('-', '')) };
  return continueFrom(origin, sagaId, work, { sagaId });
}

/** Runs an attempt of a step, or of its undo, in a span. */
export function inStepSpan<T>(
  { id, name }: Pick<SagaRecord, 'id' | 'name'>,
  { name: step, kind, attempt }: Pick<TimelineEntry, 'name' | 'kind' | 'attempt'>,
  work: () => Promise<T>,
): Promise<T> {
  if (!isTracing()) return work();
  const attributes = {
    'fissile.saga.id': id,
    'fissile.saga.name': name,
    'fissile.saga.step': step,
    'fissile.saga.kind': kind,
    'fissile.saga.attempt': attempt,
  };
  return inSpan({ name: `${name} ${step}`, kind: 'internal', attributes }, work);
}
