/** The names under which a call's context travels, in metadata and in HTTP headers alike. */
export const REQUEST_ID = 'x-request-id';
/** The id that the client gave its request; ours is beside it. */
export const CLIENT_REQUEST_ID = 'x-fissile-client-request-id';
/** The address of the client, as the edge has it. */
export const SOURCE = 'x-fissile-source';
export const TRACE_PARENT = 'traceparent';
export const TRACE_STATE = 'tracestate';
export const BAGGAGE = 'baggage';
/** The saga that makes the call, for logs. */
export const SAGA_ID = 'x-fissile-saga';
export const AUTHORIZATION = 'authorization';
/** Authenticates the process that calls; see InternalTokens. */
export const INTERNAL_TOKEN = 'x-fissile-internal';
/** The component that calls, where the process that calls hosts it. */
export const CALLER = 'x-fissile-caller';
/** Milliseconds that the caller still waits. */
export const TIMEOUT_MS = 'x-fissile-timeout-ms';
/** The context that is called, where a service is served by several. */
export const CONTEXT = 'x-fissile-context';

/** Says of a refusal that the process is stopping and has done nothing for the request: processes of 0.1 send it. */
export const STOPPING = 'x-fissile-stopping';

/** Says of a refusal that it is that of an internal port, and no answer of the context: nothing was done for the request. */
export const REFUSED = 'x-fissile-refused';

/** The template of the route that answered, for the gateway's metrics. */
export const ENDPOINT = 'x-fissile-endpoint';

/** Marks a request that a program of the edge's own machine has sent, by no proxy. The edge alone sets it. */
export const DIRECT = 'x-fissile-direct';
