export { acceptBaggage, currentBaggage, withBaggage } from './baggage.js';
export {
  type CallContext,
  type Caller,
  type ExternalSignIn,
  currentCall,
  runDetached,
  runInCall,
  runWithoutCall,
  throwIfCallCancelled,
} from './call-context.js';
export { CallDeadline } from './call-deadline.js';
export {
  AUTHORIZATION,
  BAGGAGE,
  CONTEXT,
  DIRECT,
  ENDPOINT,
  CALLER,
  INTERNAL_TOKEN,
  CLIENT_REQUEST_ID,
  REFUSED,
  REQUEST_ID,
  SOURCE,
  SAGA_ID,
  STOPPING,
  TIMEOUT_MS,
  TRACE_PARENT,
  TRACE_STATE,
} from './call-metadata.js';
