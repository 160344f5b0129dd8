export { defineSaga, FOR_EVER, noUndo } from './definition.js';
export type { Failure, RetryPolicy, SagaAtStep, SagaDefinition, Step, StepMaker } from './definition.js';
export { SagaEngine } from './saga-engine.js';
export { hasEnded, UNFINISHED, type SagaRecord, type SagaStatus, type TimelineEntry } from './saga-record.js';
export { SagaModule } from './saga.module.js';
export { SAGA_MIGRATIONS } from './saga.migration.js';
export { SagaSettings } from './saga.settings.js';
export { Sagas } from './sagas.js';
