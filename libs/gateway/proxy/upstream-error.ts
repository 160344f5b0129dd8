import { ContextError, type ContextName } from '@fissile/kit/contract';
import type { Outcome } from '@fissile/kit/rpc';

/** Codes of undici and Node for an established connection that failed before the response arrived. */
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** Codes of a connection that was never established. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TOO_LATE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** The instance is shutting down, and did not process the request. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

/** The process takes nothing from the gateway, as one of another context that has got the address; it did not process the request. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** What a failed request says about the instance that received it. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ContextError)) return 'failed';
  // The gateway aborted it: at the deadline, or because the client disconnected.
  return error.code === 'deadline_exceeded' ? 'failed' : 'unknown';
}

/** Whether the connection failed as it does when the peer closed it just before the gateway used it. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.has((error as { code?: string }).code ?? '');
}

/** Whether the instance has certainly done nothing for the request, so that any request may be sent again. */
export function hasNotBegun(error: unknown): boolean {
  if (error instanceof Stopping || error instanceof Refused) return true;
  return UNREACHED.has((error as { code?: string }).code ?? '');
}

/** The error that the client receives for a request that failed. */
export function asSeenByClient(error: unknown, context: ContextName): ContextError {
  if (error instanceof ContextError) return error;
  if (TOO_LATE.has((error as { code?: string }).code ?? '')) return ContextError.of('deadline_exceeded');
  if (isBrokenConnection(error)) return ContextError.of('bad_gateway', `${context} closed the connection`);
  return ContextError.of('unavailable', `${context} cannot be reached`);
}
