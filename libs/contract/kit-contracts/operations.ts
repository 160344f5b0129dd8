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
  'matchSagas',
  'retrySagas',
  'abortSagas',
  'matchDeadLetters',
  'replayDeadLetters',
  'discardDeadLetters',
  'recordTopologyChange',
] as const;

/** See operations.proto. */
export abstract class Operations extends contract(OperationsDefinition, {
  // They wait for the handlers of the events.
  longRunning: ['replayDeadLetter', 'replayDeadLetters'],
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
export type {
  DeadLetterFilter,
  ListAuditEventsRequest,
  SagaFilter,
} from '../generated/operations/operations.js';
export type { ListSagasRequest, ListSagasResponse } from '../generated/operations/operations.js';
