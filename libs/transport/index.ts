export { currentCall, runInCall, type CallContext, type Caller } from './call-context.js';
