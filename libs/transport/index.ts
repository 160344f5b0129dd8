export { currentCall, runInCall, type CallContext, type Caller } from './call-context.js';
export { isConnectionFailure } from './connection-failure.js';
