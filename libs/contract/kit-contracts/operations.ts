import { contract } from '../contract.js';
import { OperationsDefinition } from '../generated/operations/operations.js';

/** See operations.proto. */
export abstract class Operations extends contract(OperationsDefinition, {
  // It waits for the handler of the event.
  longRunning: ['replayDeadLetter'],
  callers: ['gateway'],
  needsAdmin: 'all',
}) {}

export type { AuditEvent, DeadLetter, SagaStep, SagaSummary } from '../generated/operations/operations.js';
export type { GetSagaRequest, GetSagaResponse } from '../generated/operations/operations.js';
export type { ListDeadLettersRequest, ListDeadLettersResponse } from '../generated/operations/operations.js';
export type { ListSagasRequest, ListSagasResponse } from '../generated/operations/operations.js';
