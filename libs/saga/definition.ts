import type { Transaction } from '#libs/database';

/** Why a saga compensates. */
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
  /** Gives what the later steps need to know, which is added to the saga's data. */
  readonly do: (data: Data) => Promise<Partial<Data> | void>;
  readonly undo: CallUndo<Data> | NoUndo;
  readonly retry: RetryPolicy;
  /** After this long nobody waits for it: the attempt has failed, and nobody knows whether it had its effect. */
  readonly timeoutMs: number;
}

/** A step in the context's own database: its effect and the saga's new state are one commit, so it runs once. */
export interface TransactionStep<Data> {
  readonly kind: 'transaction';
  readonly name: string;
  readonly do: (transaction: Transaction, data: Data) => Promise<Partial<Data> | void>;
  readonly undo: TransactionUndo<Data> | NoUndo;
  readonly retry: RetryPolicy;
}

export interface CallUndo<Data> {
  readonly kind: 'call';
  readonly name: string;
  /** Takes back what the step did, or makes sure that it cannot happen any more. Must be idempotent. */
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
  /** Why there is nothing to take back. */
  readonly because: string;
}

export interface RetryPolicy {
  /** How often a step is tried before the saga compensates; Infinity for a saga that only goes forward. */
  readonly attempts: number;
  /** The pause after the first failure; it doubles with each further one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export type Step<Data> = CallStep<Data> | TransactionStep<Data>;

export interface SagaDefinition<Data extends object> {
  readonly name: string;
  /** Grows when the steps change; a saga that is under way ends on the version that it began with. */
  readonly version: number;
  /** The id of what the saga is about, such as an order. */
  readonly subject: (data: Data) => string;
  readonly steps: readonly Step<Data>[];
}

const DEFAULT_RETRY: RetryPolicy = { attempts: 8, firstPauseMs: 50, longestPauseMs: 5_000 };

const DEFAULT_TIMEOUT_MS = 10_000;

/** For a saga that cannot fail, only take long. */
export const FOR_EVER: RetryPolicy = { attempts: Infinity, firstPauseMs: 50, longestPauseMs: 30_000 };

/** Makes the steps of one saga, and their undos, with the type of its data. */
export interface StepMaker<Data> {
  call(
    name: string,
    parts: Pick<CallStep<Data>, 'do' | 'undo'> & { retry?: RetryPolicy; timeoutMs?: number },
  ): CallStep<Data>;
  transaction(
    name: string,
    parts: Pick<TransactionStep<Data>, 'do' | 'undo'> & { retry?: RetryPolicy },
  ): TransactionStep<Data>;
  undoByCall(name: string, run: CallUndo<Data>['run'], options?: { timeoutMs?: number }): CallUndo<Data>;
  undoInTransaction(name: string, run: TransactionUndo<Data>['run']): TransactionUndo<Data>;
}

function stepMaker<Data>(): StepMaker<Data> {
  return {
    call: (name, parts) => ({
      ...{ kind: 'call', name, retry: DEFAULT_RETRY, timeoutMs: DEFAULT_TIMEOUT_MS },
      ...parts,
    }),
    transaction: (name, parts) => ({ kind: 'transaction', name, retry: DEFAULT_RETRY, ...parts }),
    undoByCall: (name, run, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) => ({
      ...{ kind: 'call', name, run, timeoutMs },
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

/** A missing undo is a decision, and says why. */
export function noUndo(because: string): NoUndo {
  return { kind: 'none', because };
}
