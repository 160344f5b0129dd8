import type { Origin } from '@fissile/kit/observability';
import type { Failure } from '../definition/definition.js';

export type SagaStatus = 'running' | 'compensating' | 'completed' | 'compensated';

export const UNFINISHED = ['running', 'compensating'] as const satisfies readonly SagaStatus[];

export function hasEnded(status: SagaStatus): boolean {
  return status === 'completed' || status === 'compensated';
}

/** One attempt of a step or of its undo. Times are ISO 8601 in UTC. */
export interface TimelineEntry {
  readonly name: string;
  readonly kind: 'do' | 'undo';
  readonly attempt: number;
  readonly status: 'running' | 'done' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: string | null;
}

/** What a saga that no process holds lies in wait for. */
export interface Waiting {
  /** Null when it waits for a time alone. */
  readonly event: { readonly type: string; readonly key: string } | null;
  /** When the waiting ends, ISO 8601 in UTC. */
  readonly until: string;
}

/** A saga as its table keeps it. */
export interface SagaRecord<Data extends object = object> {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly subject: string;
  readonly status: SagaStatus;
  /** Running: the step to do next. Compensating: the step to undo next; -1 when all are undone. */
  readonly position: number;
  readonly data: Data;
  readonly failure: Failure | null;
  readonly timeline: readonly TimelineEntry[];
  /** Failed attempts of the step, or undo, that is next. */
  readonly attempts: number;
  /** Grows with each write and each change of owner: who remembers an older one cannot write any more. */
  readonly fence: number;
  /** Null unless the step that is next is a wait, and has begun. */
  readonly waiting: Waiting | null;
  /** An operator asked for compensation. */
  readonly abortRequested: boolean;
  /** What began it; null for one that was begun before this was written down. */
  readonly origin: Origin | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
