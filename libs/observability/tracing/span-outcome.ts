import { type Attributes, SpanKind } from '@opentelemetry/api';
import { ContextError } from '@fissile/kit/contract';

/**
 * What a span tells of an error: a code of the catalogue, of PostgreSQL or of Node, else the name of its class. Never
 * the message, which may hold what a person has typed.
 */
export function errorTypeOf(error: unknown): string {
  if (error instanceof ContextError) return error.code;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^\w{1,60}$/.test(code)) return code;
  return typeof name === 'string' ? name : typeof error;
}

/**
 * Whether the work of a span counts as failed. Who serves a request that the catalogue refuses, such as an order for
 * too much, has done its work; who asked for it has not got what it wanted.
 */
export function hasFailed(kind: SpanKind, error: unknown): boolean {
  if (kind !== SpanKind.SERVER && kind !== SpanKind.INTERNAL) return true;
  return !(error instanceof ContextError) || error.status >= 500;
}

export function errorAttributes(error: unknown): Attributes {
  return { 'error.type': errorTypeOf(error) };
}
