import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { AsyncLocalStorage } from 'node:async_hooks';
import { v7 as uuidv7 } from 'uuid';
import { BackgroundLoop } from '@fissile/kit/async';
import { Database, PgNotifications, type Transaction } from '@fissile/kit/database';
import { type EventHandler, Inbox } from '@fissile/kit/messaging';
import { currentOrigin } from '@fissile/kit/observability';
import { AwaitedEvents } from '../store/awaited-events.js';
import type { AwaitedEvent, SagaDefinition, TransactionStep } from '../definition/definition.js';
import { keyOf, SagaDefinitions } from '../definition/saga-definitions.js';
import { SagaEndings } from './saga-endings.js';
import { SagaMetrics } from '../metrics/saga-metrics.js';
import { hasEnded, type SagaRecord, type TimelineEntry } from '../store/saga-record.js';
import { SagaRun } from './saga-run.js';
import { LeaseLost, SagaStore } from '../store/saga-store.js';
import { inSagasTrace, inStepSpan } from './saga-trace.js';
import { SagaSettings } from '../saga.settings.js';
import { StepBatches } from './step-batches.js';
import { begun, doneNow } from '../store/timeline.js';
import { WatchedSagas } from '../metrics/watched-sagas.js';

const POLL_EVERY_MS = 1000;
/** The consumer name of the events that sagas wait for; it never changes. */
const CONSUMER = 'sagas';
const SIGNAL = 'sagas';
const CLAIM_AT_MOST = 50;
/** How long a stop waits for running sagas before it leaves them to the next process. */
const DRAIN_MS = 10_000;

interface Owned {
  readonly run: SagaRun;
  readonly finished: Promise<void>;
  /** Ends the pause before the next attempt. */
  wake: () => void;
}

/** Runs the sagas of a context, and takes over sagas that another process left unfinished. */
@Injectable()
export class SagaEngine implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SagaEngine.name);
  private readonly owned = new Map<string, Owned>();
  private readonly recovery: BackgroundLoop;
  private readonly heartbeat: BackgroundLoop;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly store: SagaStore,
    private readonly endings: SagaEndings,
    private readonly definitions: SagaDefinitions,
    private readonly metrics: SagaMetrics,
    private readonly batches: StepBatches,
    private readonly events: AwaitedEvents,
    private readonly inbox: Inbox,
    private readonly notifications: PgNotifications,
    private readonly settings: SagaSettings,
    private readonly watched: WatchedSagas,
  ) {
    this.recovery = new BackgroundLoop(`saga recovery of ${database.context}`, POLL_EVERY_MS, () =>
      this.takeOver(),
    );
    const thirdOfLeaseMs = settings.SAGA_LEASE_MS / 3;
    this.heartbeat = new BackgroundLoop(`saga leases of ${database.context}`, thirdOfLeaseMs, () =>
      this.renew(),
    );
  }

  /** Registers a definition. Call it before the start is complete. */
  register<Data extends object>(definition: SagaDefinition<Data>): void {
    this.definitions.add(definition as unknown as SagaDefinition<never>);
    for (const step of definition.steps) if (step.kind === 'wait' && step.event) this.listenFor(step.event);
  }

  onApplicationBootstrap(): void {
    this.stopping = false;
    this.watched.add({ database: this.database, definitions: this.definitions });
    this.notifications.listen(SIGNAL, () => this.pollNow());
    this.recovery.start();
    this.heartbeat.start();
  }

  /** Waits a limited time for running attempts to end; the next process resumes the sagas that still wait then. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.recovery.stop();
    for (const { wake } of this.owned.values()) wake();
    const all = Promise.all([...this.owned.values()].map(({ finished }) => finished));
    await Promise.race([all, delay(DRAIN_MS, undefined, { ref: false })]);
    await this.heartbeat.stop();
    await this.store.release([...this.owned.values()].map(({ run }) => run.record)).catch(() => undefined);
    this.watched.remove(this.database.context);
  }

  /**
   * Executes the first step and inserts the saga, in one commit, then continues in the background.
   * @returns the saga's id. Rejects, with nothing written, when the first step does.
   */
  async start<Data extends object>(definition: SagaDefinition<Data>, data: Data): Promise<string> {
    const { known, first, entry, id, begin } = this.firstStepOf(definition, data);
    const item = { isNew: true, data, after: begin };
    const saga = await inStepSpan({ id, name: definition.name }, entry, () =>
      this.batches.do(first as unknown as TransactionStep<object>, item),
    );
    for (const entry of saga.timeline) this.metrics.attempted(saga.name, entry);
    this.own(saga, known, { takenOver: false });
    return saga.id;
  }

  /**
   * Executes the first step and inserts the saga in a transaction that is under way. After its commit the saga is
   * continued as one that another process has left, because what was rolled back must not go on.
   * @returns the saga's id
   */
  async startWithin<Data extends object>(
    transaction: Transaction,
    definition: SagaDefinition<Data>,
    data: Data,
  ): Promise<string> {
    const { first, entry, id, begin } = this.firstStepOf(definition, data);
    const saga = await inStepSpan({ id, name: definition.name }, entry, async () => {
      const [result] = await first.doMany(transaction, [{ data, within: AsyncLocalStorage.snapshot() }]);
      return begin(result);
    });
    this.store.insert(transaction, [saga]);
    transaction.afterCommit(() => {
      for (const entry of saga.timeline) this.metrics.attempted(saga.name, entry);
      void this.store.release([saga]).then(
        () => this.pollNow(),
        () => undefined,
      );
    });
    return id;
  }

  /** What a start needs: the first step, its entry in the timeline, and what makes the saga of the step's result. */
  private firstStepOf<Data extends object>(definition: SagaDefinition<Data>, data: Data) {
    const known = this.definitions.find(definition);
    if (!known) throw new Error(`saga ${keyOf(definition)} is not registered`);
    const first = definition.steps[0] as TransactionStep<Data>;
    const entry = begun(first.name, 'do', 1);
    const id = uuidv7();
    const origin = currentOrigin();
    const begin = (result: object | void) =>
      newSaga({ id, origin }, known, { ...data, ...result }, doneNow(entry, result));
    return { known, first, entry, id, begin };
  }

  /** Waits until the saga has ended, in whichever process it runs. Resolves with undefined when it takes longer. */
  waitForEnd(sagaId: string, timeoutMs: number): Promise<SagaRecord | undefined> {
    return this.endings.wait(sagaId, timeoutMs, ({ status }) => hasEnded(status));
  }

  /**
   * Waits as `waitForEnd`, and resolves too when the saga waits for an event or a time, or retries what has been unavailable
   * several times.
   */
  waitForRest(sagaId: string, timeoutMs: number): Promise<SagaRecord | undefined> {
    return this.endings.wait(sagaId, timeoutMs, (saga) => isAtRest(saga) || isHeldUp(saga));
  }

  /** Polls now for sagas to take over, instead of within a second. */
  pollNow(): void {
    this.recovery.wake();
  }

  /** Stores the events for sagas that wait for them, or will. */
  private listenFor<Data>({ type }: AwaitedEvent<Data>): void {
    if (this.inbox.handles(type, CONSUMER)) return;
    const keep: EventHandler<unknown> = async (event, transaction) => {
      if (!(await this.events.keep(transaction, event))) return;
      transaction.afterCommit(() => {
        this.pollNow();
        this.notifications.notify(SIGNAL);
      });
    };
    // A saga waits for one event of a type, so the order of several does not matter.
    this.inbox.on(type, CONSUMER, keep, { order: 'none' });
  }

  private async takeOver(): Promise<boolean> {
    if (this.stopping) return false;
    const claimed = await this.store.claim(this.definitions.keys, CLAIM_AT_MOST);
    for (const saga of claimed) {
      const definition = this.definitions.find(saga);
      if (definition) this.own(saga, definition, { takenOver: true });
    }
    return claimed.length === CLAIM_AT_MOST;
  }

  private async renew(): Promise<boolean> {
    await this.store.renew([...this.owned.values()].map(({ run }) => run.record));
    return false;
  }

  private own(
    saga: SagaRecord,
    definition: SagaDefinition<object>,
    { takenOver }: { takenOver: boolean },
  ): void {
    // A saga that became due while this process was pausing it comes back with a new fencing token.
    this.owned.get(saga.id)?.wake();
    const observer = {
      attempted: (entry: TimelineEntry) => {
        this.metrics.attempted(saga.name, entry);
        this.logger.debug(`${saga.name}: ${entry.name} is ${entry.status}, attempt ${entry.attempt}`);
      },
      undoFailed: (record: SagaRecord, step: string, error: unknown) =>
        this.logger.error(`saga ${record.id}: ${step} failed and will be retried: ${messageOf(error)}`),
    };
    const { database, store, batches, events } = this;
    const deadlineMs = this.settings.SAGA_DEADLINE_MS;
    const means = { database, store, batches, events, observer, deadlineMs };
    const run = new SagaRun(saga, definition, means, { takenOver });
    const owned: Owned = {
      run,
      wake: () => undefined,
      // The saga continues after the request that began it has been answered or cancelled.
      finished: inSagasTrace(saga, takenOver, () => Promise.resolve().then(() => this.drive(owned))),
    };
    this.owned.set(saga.id, owned);
  }

  private async drive(owned: Owned): Promise<void> {
    const { run } = owned;
    try {
      let pauseMs = await run.advance();
      while (pauseMs !== undefined && !this.stopping) {
        if (isHeldUp(run.record)) this.endings.notify(run.record);
        await pause(pauseMs, owned);
        pauseMs = await run.advance();
      }
      if (this.stopping && pauseMs !== undefined) await this.store.release([run.record]);
    } catch (error) {
      // The current owner, or the one that takes it over after the lease, resumes from the last saved state.
      if (!(error instanceof LeaseLost)) {
        this.logger.warn(`saga ${run.record.id} is left for recovery: ${messageOf(error)}`);
      }
    } finally {
      if (this.owned.get(run.record.id) === owned) this.owned.delete(run.record.id);
      if (hasEnded(run.record.status)) {
        this.metrics.ended(run.record);
      }
      if (isAtRest(run.record)) this.endings.notify(run.record);
    }
  }
}

/** Nothing happens to it until somebody, or a time, wakes it. */
function isAtRest({ status, waiting }: SagaRecord): boolean {
  return hasEnded(status) || waiting !== null;
}

/** A conflict in a database counts as unavailable too, and has often passed at the next attempt. */
const HELD_UP_AFTER = 2;

/** It goes on when something is available again, whenever that is. */
function isHeldUp({ attempts, timeline }: SagaRecord): boolean {
  return attempts >= HELD_UP_AFTER && timeline.at(-1)?.error === 'unavailable';
}

/** A saga whose first step is done. */
function newSaga(
  own: Pick<SagaRecord, 'id' | 'origin'>,
  definition: SagaDefinition<object>,
  data: object,
  first: TimelineEntry,
): SagaRecord {
  const createdAt = new Date(first.startedAt);
  return {
    ...own,
    name: definition.name,
    version: definition.version,
    subject: definition.subject(data),
    status: 'running',
    position: 1,
    data,
    failure: null,
    timeline: [first],
    attempts: 0,
    fence: 1,
    waiting: null,
    abortRequested: false,
    createdAt,
    updatedAt: createdAt,
  };
}

function pause(pauseMs: number, owned: Owned): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pauseMs);
    owned.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
