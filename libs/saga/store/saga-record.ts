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
  /** The names of what it added to the saga's data, which has the values; absent where that is nothing. */
  readonly added?: readonly string[];
}

/** What a saga without an owner waits for. */
export interface Waiting {
  /** Null when the saga waits for a time only. */
  readonly event: { readonly type: string; readonly key: string } | null;
  /** When the wait ends, ISO 8601 in UTC. */
  readonly until: string;
}

/** A saga as a row of its table. */
export interface SagaRecord<Data extends object = object> {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly subject: string;
  readonly status: SagaStatus;
  /** Running: the next step to execute. Compensating: the next step to undo; -1 when all are undone. */
  readonly position: number;
  readonly data: Data;
  readonly failure: Failure | null;
  readonly timeline: readonly TimelineEntry[];
  /** Failed attempts of the next step, or undo. */
  readonly attempts: number;
  /** Increases with each write and each change of owner: a process with an older token cannot write any more. */
  readonly fence: number;
  /** Null unless the next step is a wait that has begun. */
  readonly waiting: Waiting | null;
  /** An operator requested compensation. */
  readonly abortRequested: boolean;
  /** The request and trace that began it; null for a saga from before this was stored. */
  readonly origin: Origin | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
