import { type DynamicModule, Module } from '@nestjs/common';
import { CleanUp, Database } from '#libs/database';
import { AwaitedEvents } from './awaited-events.js';
import { sagaCleanUp } from './saga-clean-up.js';
import { SagaMetrics } from './saga-metrics.js';
import { sagaMetricProviders } from './saga-metric-providers.js';
import { SagaDefinitions } from './saga-definitions.js';
import { SagaEndings } from './saga-endings.js';
import { SagaEngine } from './saga-engine.js';
import { SagaSettings } from './saga.settings.js';
import { SagaStore } from './saga-store.js';
import { StepBatches } from './step-batches.js';
import { Sagas } from './sagas.js';
import { UnknownSagas } from './unknown-sagas.js';
import { WatchedSagas } from './watched-sagas.js';

@Module({})
export class SagaModule {
  /** The metrics of all sagas of the process. */
  static forProcess(): DynamicModule {
    return {
      module: SagaModule,
      global: true,
      providers: sagaMetricProviders,
      exports: [SagaMetrics, WatchedSagas],
    };
  }

  /** Durable sagas in the database of the context that imports it; its messaging brings the events that they wait for. */
  static forContext(database: DynamicModule, messaging: DynamicModule): DynamicModule {
    return {
      module: SagaModule,
      imports: [database, messaging],
      providers: [
        ...[
          SagaStore,
          SagaDefinitions,
          SagaEndings,
          SagaEngine,
          StepBatches,
          AwaitedEvents,
          UnknownSagas,
          Sagas,
        ],
        { provide: CleanUp, inject: [Database, SagaSettings], useFactory: sagaCleanUp },
      ],
      exports: [SagaEngine, Sagas],
    };
  }
}
