import {
  type CallContext,
  AUTHORIZATION,
  BAGGAGE,
  CLIENT_REQUEST_ID,
  REQUEST_ID,
  SAGA_ID,
  SOURCE,
  TRACE_PARENT,
  TRACE_STATE,
} from '@fissile/kit/request';
import { traceOf } from '@fissile/kit/observability';

/** The metadata of a call from this context. */
export function metadataOf(call: CallContext): Record<string, string> {
  const { traceparent = '', tracestate } = traceOf(call);
  return {
    [REQUEST_ID]: call.requestId,
    [TRACE_PARENT]: traceparent,
    ...(call.clientRequestId !== undefined && { [CLIENT_REQUEST_ID]: call.clientRequestId }),
    ...(call.source !== undefined && { [SOURCE]: call.source }),
    ...(tracestate !== undefined && { [TRACE_STATE]: tracestate }),
    ...(call.baggage !== undefined && { [BAGGAGE]: call.baggage }),
    ...(call.sagaId !== undefined && { [SAGA_ID]: call.sagaId }),
    ...(call.authorization !== undefined && { [AUTHORIZATION]: call.authorization }),
  };
}
