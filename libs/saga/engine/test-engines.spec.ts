import { Counter, Histogram } from 'prom-client';
import { type Database, PgNotifications } from '@fissile/kit/database';
import { DeadLetters, Inbox, LocalEventBus, unreadMessagingMetrics } from '@fissile/kit/messaging';
import { AwaitedEvents } from '../store/awaited-events.js';
import { SagaDefinitions } from '../definition/saga-definitions.js';
import { SagaEndings } from './saga-endings.js';
import { SagaEngine } from './saga-engine.js';
import { SagaMetrics } from '../metrics/saga-metrics.js';
import { SagaStore } from '../store/saga-store.js';
import { SagaSettings } from '../saga.settings.js';
import { StepBatches } from './step-batches.js';
import { WatchedSagas } from '../metrics/watched-sagas.js';

/**
 * Starts engines for the other specs of this folder, as a process of the context would; it has no tests of its own.
 */
export class TestEngines {
  private readonly running: { engine: SagaEngine; notifications: PgNotifications }[] = [];

  constructor(private readonly database: () => Database) {}

  /** Like an engine of a process that is not running yet: it takes over no saga, and renews no lease. */
  make({ leaseMs = 30_000, deadlineMs = 3_600_000, metrics = unreadMetrics() } = {}): {
    engine: SagaEngine;
    store: SagaStore;
    inbox: Inbox;
  } {
    const database = this.database();
    const settings = new SagaSettings({
      SAGA_LEASE_MS: leaseMs,
      SAGA_DEADLINE_MS: deadlineMs,
      SAGA_RETENTION_DAYS: 90,
    });
    const store = new SagaStore(database, settings);
    const bus = new LocalEventBus();
    const inbox = new Inbox(database, bus, new DeadLetters(database), unreadMessagingMetrics());
    const notifications = new PgNotifications(database);
    const engine = new SagaEngine(
      database,
      store,
      new SagaEndings(store),
      new SagaDefinitions(),
      metrics,
      new StepBatches(database, store),
      new AwaitedEvents(),
      inbox,
      notifications,
      settings,
      new WatchedSagas(),
    );
    this.running.push({ engine, notifications });
    return { engine, store, inbox };
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.running.splice(0).map(async ({ engine, notifications }) => {
        await engine.onModuleDestroy();
        await notifications.onApplicationShutdown();
      }),
    );
  }
}

function unreadMetrics(): SagaMetrics {
  const options = { name: 'unread', help: 'Unread', registers: [] };
  return new SagaMetrics(
    new Counter({ ...options, labelNames: ['saga', 'status'] }),
    new Histogram({ ...options, labelNames: ['saga', 'status'] }),
    new Counter({ ...options, labelNames: ['saga', 'step', 'kind', 'outcome'] }),
  );
}
