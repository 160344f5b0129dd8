import { AsyncLocalStorage } from 'node:async_hooks';
import type { CancellationToken } from '@fissile/kit/async';

/** Who is behind a call. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  /** What an admin must set up to be one: the role is not among the roles until then. */
  readonly lacks?: 'second_factor';
  /** Where the token says it: those of an external provider may. */
  readonly email?: string;
  /** Of whom an external provider vouches, by the token. */
  readonly external?: ExternalSignIn;
}

export interface ExternalSignIn {
  /** When the person last showed the provider who they are, where the token says it. */
  readonly signedInAt?: Date;
}

/** What belongs to a request and goes with it into every call and background task that it causes. */
export interface CallContext {
  readonly requestId: string;
  /** The id that the client gave its request, beside ours. */
  readonly clientRequestId?: string | undefined;
  /** The address of the client, as the edge has it. */
  readonly source?: string | undefined;
  /** 32 hex digits, from the `traceparent` header or made here. */
  readonly traceId: string;
  caller?: Caller | undefined;
  /** Who began the work, in logs alone: it outlives the token, and proves nothing. */
  readonly userId?: string | undefined;
  /** W3C Baggage, within its limits: what goes with the request wherever it leads. */
  readonly baggage?: string | undefined;
  /** The saga that the work belongs to, in logs. */
  readonly sagaId?: string | undefined;
  /** The Authorization header of the user behind the call; each context verifies it again. */
  readonly authorization?: string | undefined;
  /** The components in whose name a contract is called, as far as that is proven; undefined for requests. */
  readonly callers?: readonly string[] | undefined;
  /** The deadline, in milliseconds since 1970. */
  readonly deadline?: number | undefined;
  /** Cancelled when the caller has cancelled or the deadline has passed; its reason is a ContextError. */
  readonly cancellation?: CancellationToken | undefined;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the call that is being served; undefined in background work. */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}

export function runInCall<T>(context: CallContext, work: () => T): T {
  return storage.run(context, work);
}

/**
 * Runs work that a call has begun and that goes on without it: logs and traces still show its origin, but the
 * caller's cancellation, deadline and token do not apply to it.
 */
export function runDetached<T>(work: () => T, more: Pick<CallContext, 'sagaId'> = {}): T {
  const call = storage.getStore();
  if (!call) return work();
  const { requestId, traceId, baggage, sagaId } = call;
  const userId = call.caller?.userId ?? call.userId;
  return storage.run({ requestId, traceId, userId, baggage, sagaId, ...more }, work);
}

/** Runs work as if no call had caused it. */
export function runWithoutCall<T>(work: () => T): T {
  return storage.exit(work);
}

/** Stops work whose caller no longer waits. @throws ContextError deadline_exceeded or cancelled */
export function throwIfCallCancelled(): void {
  storage.getStore()?.cancellation?.throwIfCancelled();
}
