import { type DynamicModule, Module } from '@nestjs/common';
import { SagaEndings } from './saga-endings.js';
import { SagaEngine } from './saga-engine.js';
import { SagaStore } from './saga-store.js';
import { Sagas } from './sagas.js';

/** Durable sagas in the database of the context that imports it. */
@Module({})
export class SagaModule {
  static forContext(database: DynamicModule): DynamicModule {
    return {
      module: SagaModule,
      imports: [database],
      providers: [SagaStore, SagaEndings, SagaEngine, Sagas],
      exports: [SagaEngine, Sagas],
    };
  }
}
