import { ContextError, type ContextName } from '@fissile/kit/contract';
import type { Outcome } from '@fissile/kit/rpc';

/** Codes of undici and Node for a connection that was there and broke before the answer came. */
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const TOO_LATE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** The instance is about to stop, and has done nothing for the request. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

/** What a request that did not come back says about the instance that it was sent to. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ContextError)) return 'failed';
  // Aborted by us: at the deadline, or since the client has left.
  return error.code === 'deadline_exceeded' ? 'failed' : 'unknown';
}

/** Whether the connection broke, as one does that the other side closed a moment before it was used. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.has((error as { code?: string }).code ?? '');
}

/** What the client is told of a request that did not come back. */
export function asSeenByClient(error: unknown, context: ContextName): ContextError {
  if (error instanceof ContextError) return error;
  if (TOO_LATE.has((error as { code?: string }).code ?? '')) return ContextError.of('deadline_exceeded');
  if (isBrokenConnection(error)) return ContextError.of('bad_gateway', `${context} closed the connection`);
  return ContextError.of('unavailable', `${context} cannot be reached`);
}
