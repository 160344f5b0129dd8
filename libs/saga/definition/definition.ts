import type { EventType } from '@fissile/kit/contract';
import type { Transaction } from '@fissile/kit/database';

/** The reason why a saga compensates. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The name of the step that failed. */
  readonly step: string;
}

/** A step that calls another context. It may run more than once for one saga, so the call must be idempotent. */
export interface CallStep<Data> {
  readonly kind: 'call';
  readonly name: string;
  /** Returns what the later steps need, which is merged into the saga's data. */
  readonly do: (data: Data) => Promise<Partial<Data> | void>;
  readonly undo: CallUndo<Data> | NoUndo;
  readonly retry: RetryPolicy;
  /** After this time the attempt counts as failed, and it is unknown whether the call had its effect. */
  readonly timeoutMs: number;
}

/** One of several sagas that execute a step in one batch. */
export interface SagaAtStep<Data> {
  readonly data: Data;
  /** Runs work, such as the preparation of an event, in the request and the trace that the saga belongs to. */
  within<T>(work: () => T): T;
}

type Results<Data> = readonly (Partial<Data> | void)[];

/** A step in the context's own database: its effect and the saga's new state are one commit, so it runs once. */
export interface TransactionStep<Data> {
  readonly kind: 'transaction';
  readonly name: string;
  /**
   * Executes the step for the sagas that are at it (one or more), and returns what each adds to its data, in the same
   * order.
   */
  readonly doMany: (transaction: Transaction, sagas: readonly SagaAtStep<Data>[]) => Promise<Results<Data>>;
  /** Whether sagas that are at this step at the same time share a transaction. */
  readonly isShared: boolean;
  readonly undo: TransactionUndo<Data> | NoUndo;
  readonly retry: RetryPolicy;
}

/** The work of a transaction step, in one of two forms: for one saga, or for several at once. */
export type TransactionWork<Data> =
  | {
      readonly do: (transaction: Transaction, data: Data) => Promise<Partial<Data> | void>;
      readonly doMany?: never;
    }
  | {
      /**
       * For a step that many sagas execute at the same time: executes it for all of them (one or more) in as few
       * statements as for one. When it throws for several, all is rolled back and it is called for each saga alone.
       */
      readonly doMany: TransactionStep<Data>['doMany'];
      readonly do?: never;
    };

/** Calls that run concurrently, and are undone concurrently. The step is done when all of them are. */
export interface ParallelStep<Data> {
  readonly kind: 'parallel';
  readonly name: string;
  readonly branches: readonly CallStep<Data>[];
}

/**
 * Waits for an event or a time. No process owns a waiting saga: it stays in the database until the event arrives or
 * the time is reached. Any event since the start of the saga counts, even if it arrived before the wait began.
 */
export interface WaitStep<Data> {
  readonly kind: 'wait';
  readonly name: string;
  /** Whether this saga waits at all: one that need not goes past the step, which then costs nothing. */
  readonly when: (data: Data) => boolean;
  /** Undefined when the step waits for a time only. */
  readonly event: AwaitedEvent<Data> | undefined;
  /** When the wait ends without the event. @param begunAt when the wait began */
  readonly until: (data: Data, begunAt: Date) => Date;
  /** What the saga does when the event did not arrive in time; a ContextError starts compensation. */
  readonly ifLate: (data: Data) => Partial<Data> | void;
}

export interface AwaitedEvent<Data> {
  readonly type: EventType<string, unknown>;
  /** The key of the event that the saga waits for, such as an invoice's id. */
  readonly key: (data: Data) => string;
  /** Returns what the later steps need from the event; a ContextError starts compensation. */
  readonly take: (data: Data, event: never) => Partial<Data> | void;
}

export interface CallUndo<Data> {
  readonly kind: 'call';
  readonly name: string;
  /** Undoes what the step did, or makes sure that it can no longer happen. Must be idempotent. */
  readonly run: (data: Data, failure: Failure) => Promise<void>;
  readonly timeoutMs: number;
}

export interface TransactionUndo<Data> {
  readonly kind: 'transaction';
  readonly name: string;
  readonly run: (transaction: Transaction, data: Data, failure: Failure) => Promise<void>;
}

export interface NoUndo {
  readonly kind: 'none';
  /** Why there is nothing to undo. */
  readonly because: string;
}

/**
 * How a step is retried whose outcome is not a refusal: what it needs is unavailable, or it is unknown what happened.
 * A refusal (an error of the catalogue that is not retryable) is never retried.
 */
export interface RetryPolicy {
  /** The maximum number of attempts before the saga compensates; by default the saga's deadline alone counts. */
  readonly attempts?: number;
  /** Whether the step is retried also after the saga's deadline. */
  readonly ignoresDeadline?: boolean;
  /** The pause after the first failure; it doubles with each further failure. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** A step that changes something, and therefore has an undo. */
export type EffectStep<Data> = CallStep<Data> | TransactionStep<Data>;

export type Step<Data> = EffectStep<Data> | ParallelStep<Data> | WaitStep<Data>;

/** The steps of a definition that change something, in order, including the branches of parallel steps. */
export function effectSteps<Data>(steps: readonly Step<Data>[]): readonly EffectStep<Data>[] {
  return steps.flatMap((step): readonly EffectStep<Data>[] => {
    if (step.kind === 'wait') return [];
    return step.kind === 'parallel' ? step.branches : [step];
  });
}

export interface SagaDefinition<Data extends object> {
  readonly name: string;
  /** Increase it when the steps change; a running saga ends on the version that it began with. */
  readonly version: number;
  /** The id of the saga's subject, such as an invoice. */
  readonly subject: (data: Data) => string;
  /**
   * How long the saga retries what is unavailable before it compensates, in milliseconds from its start or from the
   * end of its last wait; SAGA_DEADLINE_MS by default.
   */
  readonly deadlineMs?: number;
  readonly steps: readonly Step<Data>[];
}

export const DEFAULT_RETRY: RetryPolicy = { firstPauseMs: 50, longestPauseMs: 5_000 };

const DEFAULT_TIMEOUT_MS = 10_000;

/** For a step whose failure a retry cannot resolve. */
export const ONCE: RetryPolicy = { attempts: 1, firstPauseMs: 0, longestPauseMs: 0 };

/** For a saga that cannot fail, only take long. */
export const FOR_EVER: RetryPolicy = { ignoresDeadline: true, firstPauseMs: 50, longestPauseMs: 30_000 };

/** Creates the steps of one saga, and their undos, with the type of its data. */
export interface StepMaker<Data> {
  call(
    name: string,
    parts: Pick<CallStep<Data>, 'do' | 'undo'> & { retry?: RetryPolicy; timeoutMs?: number },
  ): CallStep<Data>;
  transaction(
    name: string,
    parts: TransactionWork<Data> & Pick<TransactionStep<Data>, 'undo'> & { retry?: RetryPolicy },
  ): TransactionStep<Data>;
  /** @param calls created by `call` */
  parallel(name: string, calls: readonly CallStep<Data>[]): ParallelStep<Data>;
  /** Waits for an event, for a limited time; only sagas for which `when` is true wait, all of them without it. */
  waitFor<Event>(
    name: string,
    parts: {
      event: EventType<string, Event>;
      key: (data: Data) => string;
      when?: WaitStep<Data>['when'];
      take?: (data: Data, event: Event) => Partial<Data> | void;
      /** A function is asked when a wait begins. */
      withinMs: number | (() => number);
      ifLate: WaitStep<Data>['ifLate'];
    },
  ): WaitStep<Data>;
  /** Waits until a time. */
  waitUntil(name: string, until: WaitStep<Data>['until']): WaitStep<Data>;
  undoByCall(name: string, run: CallUndo<Data>['run'], options?: { timeoutMs?: number }): CallUndo<Data>;
  undoInTransaction(name: string, run: TransactionUndo<Data>['run']): TransactionUndo<Data>;
}

const always = (): boolean => true;

function stepMaker<Data>(): StepMaker<Data> {
  return {
    call: (name, parts) => ({
      kind: 'call',
      name,
      retry: DEFAULT_RETRY,
      timeoutMs: DEFAULT_TIMEOUT_MS,
      ...parts,
    }),
    transaction: (name, { do: work, doMany, ...parts }) => ({
      kind: 'transaction',
      name,
      retry: DEFAULT_RETRY,
      isShared: doMany !== undefined,
      doMany:
        doMany ?? ((transaction, sagas) => Promise.all(sagas.map(({ data }) => work(transaction, data)))),
      ...parts,
    }),
    parallel: (name, branches) => ({ kind: 'parallel', name, branches }),
    waitFor: (name, { event: type, key, when = always, take = () => undefined, withinMs, ifLate }) => ({
      kind: 'wait',
      name,
      when,
      event: { type, key, take },
      ifLate,
      until: (_data, begunAt) =>
        new Date(begunAt.getTime() + (typeof withinMs === 'function' ? withinMs() : withinMs)),
    }),
    waitUntil: (name, until) => ({
      kind: 'wait',
      name,
      when: always,
      event: undefined,
      until,
      ifLate: () => undefined,
    }),
    undoByCall: (name, run, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) => ({
      kind: 'call',
      name,
      run,
      timeoutMs,
    }),
    undoInTransaction: (name, run) => ({ kind: 'transaction', name, run }),
  };
}

/** `defineSaga<Data>({ name, version, subject, steps: (step) => [step.transaction(…), step.call(…)] })` */
export function defineSaga<Data extends object>(
  parts: Omit<SagaDefinition<Data>, 'steps'> & { steps: (step: StepMaker<Data>) => readonly Step<Data>[] },
): SagaDefinition<Data> {
  return { ...parts, steps: parts.steps(stepMaker<Data>()) };
}

/** A missing undo is a decision, and states the reason. */
export function noUndo(because: string): NoUndo {
  return { kind: 'none', because };
}
