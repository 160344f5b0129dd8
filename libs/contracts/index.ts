export { ContextError, hasCode, type ErrorDetails, type ErrorRecord } from './context-error.js';
export { contract, type Contract, type ContractDefinition, type ContractMethod } from './contract.js';
export { type Implementation, type MessageCodec, type Methods } from './contract.js';
export { CATALOGUE, type ErrorCode } from './error-catalogue.js';
export { Envelope, type EventEnvelope, eventType, type EventType, familyOf } from './event.js';
export { CONTEXTS, HOSTABLE, publicPathsOf, type ContextName, type Hostable } from './contexts.js';
export { ALL_CONTRACTS, OWN_CONTRACTS, type ContextContract } from './all-contracts.js';
export { subscribedFamilies, SUBSCRIPTIONS, type Subscriptions } from './subscriptions.js';
