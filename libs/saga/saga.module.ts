import { type DynamicModule, Module } from '@nestjs/common';
import { CleanUp, Database } from '@fissile/kit/database';
import { AwaitedEvents } from './store/awaited-events.js';
import { sagaCleanUp } from './store/saga-clean-up.js';
import { SagaMetrics } from './metrics/saga-metrics.js';
import { sagaMetricProviders } from './metrics/saga-metric-providers.js';
import { SagaDefinitions } from './definition/saga-definitions.js';
import { SagaEndings } from './engine/saga-endings.js';
import { SagaEngine } from './engine/saga-engine.js';
import { SagaSettings } from './saga.settings.js';
import { SagaStore } from './store/saga-store.js';
import { StepBatches } from './engine/step-batches.js';
import { Sagas } from './sagas.js';
import { UnknownSagas } from './metrics/unknown-sagas.js';
import { WatchedSagas } from './metrics/watched-sagas.js';

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

  /** Durable sagas in the database of the importing context; its messaging delivers the events that they wait for. */
  static forContext(database: DynamicModule, messaging: DynamicModule): DynamicModule {
    return {
      module: SagaModule,
      imports: [database, messaging],
      providers: [
        SagaStore,
        SagaDefinitions,
        SagaEndings,
        SagaEngine,
        StepBatches,
        AwaitedEvents,
        UnknownSagas,
        Sagas,
        { provide: CleanUp, inject: [Database, SagaSettings], useFactory: sagaCleanUp },
      ],
      exports: [SagaEngine, Sagas],
    };
  }
}
