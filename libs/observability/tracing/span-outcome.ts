import { type Attributes, SpanKind } from '@opentelemetry/api';
import { ContextError } from '@fissile/kit/contract';

/**
 * How a span records an error: by a code of the error catalogue, of PostgreSQL or of Node, else by the name of its class.
 * Never by the message, which may contain personal data.
 */
export function errorTypeOf(error: unknown): string {
  if (error instanceof ContextError) return error.code;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^\w{1,60}$/.test(code)) return code;
  return typeof name === 'string' ? name : typeof error;
}

/**
 * Whether a span counts as failed. A server that refuses a request with a client error (4xx) has done its work; the client
 * of that request has not.
 */
export function hasFailed(kind: SpanKind, error: unknown): boolean {
  if (kind !== SpanKind.SERVER && kind !== SpanKind.INTERNAL) return true;
  return !(error instanceof ContextError) || error.status >= 500;
}

export function errorAttributes(error: unknown): Attributes {
  return { 'error.type': errorTypeOf(error) };
}
