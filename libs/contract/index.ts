export { isTransientError } from './transient-error.js';
export { ContextError, type ErrorDetails, type ErrorRecord, hasCode } from './context-error.js';
export {
  contract,
  type Contract,
  type ContractDefinition,
  type ContractMethod,
  type Implementation,
  type MessageCodec,
  type Methods,
} from './contract.js';
export { type AsyncApiDocument, describeEvents } from './describe-events.js';
export {
  describeError,
  type ErrorDescription,
  knownErrorCodes,
  refused,
  requireError,
  temporary,
} from './error-catalogue.js';
export { Envelope, type EventEnvelope, eventNameOf, eventType, type EventType } from './event.js';
export type {
  AuditEvent,
  DeadLetter,
  DeadLetterFilter,
  GetSagaResponse,
  ListAuditEventsRequest,
  SagaFilter,
  SagaStep,
  SagaSummary,
} from './generated/operations/operations.js';
export { Events } from './kit-contracts/events.js';
export { Operations } from './kit-contracts/operations.js';
export {
  type ExportPersonRequest,
  type ExportPersonResponse,
  type ForgetPersonRequest,
  type ForgetPersonResponse,
  PersonalData,
} from './kit-contracts/personal-data.js';
export type { LogLine, Schedule, Span as RecordedSpan, TracePart } from './generated/processes/processes.js';
export { Processes } from './kit-contracts/processes.js';
export {
  type FindUsersRequest,
  type FindUsersResponse,
  type FoundUser,
  type GetContactRequest,
  type GetContactResponse,
  type GetContactsRequest,
  type GetContactsResponse,
  type GetSigningKeysResponse,
  type ListRevocationsRequest,
  type ListRevocationsResponse,
  Users,
} from './kit-contracts/users.js';
export {
  type AuditActionOf,
  type Component,
  type ContextDefinition,
  type ContextName,
  type ContextNameOf,
  defineContext,
  defineProduct,
  type ErrorCodeOf,
  type FindLink,
  GATEWAY,
  type PersonalDataKept,
  Product,
  type ProductDescription,
  type ProductPage,
  type ServedContract,
  handledEvents,
} from './product.js';
export type { AuditAction, ErrorCode, FallbackName } from './product-names.js';
export { type Revocation, TokenIssuer, type TokenIssuerContract } from './token-issuer.js';
export {
  ANYWHERE,
  type DescribedProcess,
  type DescribedTopologies,
  MONOLITH,
  parseTopologies,
  partitionErrors,
  TOPOLOGY_FILE,
} from './topology-file.js';
export { ANY_PROCESS, type Callers } from './callers.js';
export { type MethodRule, rulesOf } from './method-rules.js';
