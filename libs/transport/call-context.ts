import { AsyncLocalStorage } from 'node:async_hooks';

/** Who is behind a call. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
}

/** What belongs to a request and goes with it into every call and background task that it causes. */
export interface CallContext {
  readonly requestId: string;
  /** 32 hex digits, from the `traceparent` header or made here. */
  readonly traceId: string;
  caller?: Caller;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the call that is being served; undefined in background work. */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}

export function runInCall<T>(context: CallContext, work: () => T): T {
  return storage.run(context, work);
}
