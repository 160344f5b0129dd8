export {
  defineSaga,
  type Failure,
  FOR_EVER,
  noUndo,
  type SagaAtStep,
  type SagaDefinition,
} from './definition/definition.js';
export { SagaEngine } from './engine/saga-engine.js';
export { SagaModule } from './saga.module.js';
export { Sagas } from './sagas.js';
export { hasEnded, type SagaRecord, type SagaStatus, type TimelineEntry } from './store/saga-record.js';
export type { SagaAction, SagaFilter } from './store/saga-store.js';
export { SAGA_MIGRATIONS } from './store/saga.migration.js';
