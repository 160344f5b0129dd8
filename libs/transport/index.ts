export {
  currentCall,
  runDetached,
  runInCall,
  throwIfCallEnded,
  type CallContext,
  type Caller,
  runOutsideOfCalls,
} from './call-context.js';
export {
  AUTHORIZATION,
  CONTEXT,
  ENDPOINT,
  INTERNAL_TOKEN,
  metadataOf,
  REQUEST_ID,
  SAGA_ID,
  STOPPING,
  TIMEOUT_MS,
  TRACE_PARENT,
  TRACE_STATE,
  traceIdOf,
  traceOf,
  traceParentOf,
} from './call-metadata.js';
export { CallDeadline } from './call-deadline.js';
export { Ending } from './ending.js';
export { isConnectionFailure } from './connection-failure.js';
export { InternalTokens } from './internal-tokens.js';
export { missingPackages } from './missing-packages.js';
export { natsConnectionOptions } from './nats-connection-options.js';
export { continueFrom, currentOrigin, currentTrace, type Origin } from './origin.js';
export { RetryBudget } from './retry-budget.js';
export type {
  CallTarget,
  IncomingCall,
  OutgoingCall,
  RpcClient,
  RpcHandler,
  RpcServer,
  RpcTransport,
  ServedService,
  Serving,
} from './rpc.js';
export { TransportSettings, TRANSPORTS, type TransportName } from './transport.settings.js';
export { transportOf, TransportStartError } from './transports.js';
export { isAnswer } from './wire-error.js';
export { claimFreePort, claimPort } from './claimed-port.js';
