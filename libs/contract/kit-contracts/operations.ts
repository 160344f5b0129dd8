import { contract } from '../contract.js';
import { OperationsDefinition } from '../generated/operations/operations.js';
import { ANY_PROCESS } from '../callers.js';

const FOR_ADMINS = [
  'listSagas',
  'getSaga',
  'retrySaga',
  'abortSaga',
  'listDeadLetters',
  'getDeadLetter',
  'replayDeadLetter',
  'discardDeadLetter',
  'listAuditEvents',
] as const;

/** See operations.proto. */
export abstract class Operations extends contract(OperationsDefinition, {
  // It waits for the handler of the event.
  longRunning: ['replayDeadLetter'],
  callers: {
    ...Object.fromEntries(FOR_ADMINS.map((method) => [method, ['gateway']])),
    // Whoever was refused is no admin, and any process may have refused it.
    recordRefusal: [ANY_PROCESS],
  },
  needsAdmin: FOR_ADMINS,
}) {}

export type { AuditEvent, DeadLetter, SagaStep, SagaSummary } from '../generated/operations/operations.js';
export type { GetSagaRequest, GetSagaResponse } from '../generated/operations/operations.js';
export type { ListDeadLettersRequest, ListDeadLettersResponse } from '../generated/operations/operations.js';
export type { ListSagasRequest, ListSagasResponse } from '../generated/operations/operations.js';
