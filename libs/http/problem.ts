import { z } from 'zod';
import { ContextError, describeError, type ErrorCode, isTransientError } from '@fissile/kit/contract';
import { type FieldError, RequestInvalid } from './validation.js';

/** Where the edge explains every error of the product, each under its code: an address of its own, which needs no other server. */
export const ERRORS_PATH = '/errors';

/** RFC 9457 problem details, the form of every error of the API. */
export const Problem = z.object({
  type: z.string().meta({
    description: 'The page that explains the error, relative to the address of the API',
    format: 'uri-reference',
    example: `${ERRORS_PATH}#validation_failed`,
  }),
  title: z.string().meta({ description: 'The same for each error of a code' }),
  status: z.int(),
  detail: z.string().meta({ description: 'What it means for this request, and what to do about it' }),
  code: z.string().meta({ description: 'What clients test', example: 'validation_failed' }),
  traceId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

export type Problem = z.infer<typeof Problem>;

const BY_FRAMEWORK_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  431: 'headers_too_large',
  503: 'unavailable',
};

/** Turns any error into a problem; an unexpected one becomes internal_error, without details. */
export function toProblem(error: unknown, traceId: string): Problem {
  if (error instanceof RequestInvalid) {
    const problem = fromCode('validation_failed', traceId, summaryOf(error.errors));
    return { ...problem, errors: [...error.errors] };
  }
  if (error instanceof ContextError) return fromContextError(error, traceId);
  if (isTransientError(error)) return fromCode('unavailable', traceId);
  const code = BY_FRAMEWORK_STATUS[frameworkStatus(error) ?? 500];
  return fromCode(code ?? 'internal_error', traceId);
}

function fromCode(code: ErrorCode, traceId: string, detail?: string): Problem {
  return fromContextError(ContextError.of(code, detail), traceId);
}

function fromContextError({ code, message, status, details }: ContextError, traceId: string): Problem {
  const { title = message, detail } = describeError(code) ?? {};
  const problem = {
    type: `${ERRORS_PATH}#${code}`,
    title,
    status,
    // Complete by itself: many clients show nothing else.
    detail: message === title && detail !== undefined ? `${title}. ${detail}` : message,
    code,
    traceId,
  };
  return Object.keys(details).length === 0 ? problem : { ...problem, details: { ...details } };
}

/** A body of more bytes than its route takes. */
export function payloadTooLarge(maxBytes: number): ContextError {
  return ContextError.of('payload_too_large', `The body may have ${maxBytes} bytes`, { maxBytes });
}

/** The first invalid field, for who shows one line. */
function summaryOf(errors: readonly FieldError[]): string | undefined {
  const [first, ...others] = errors;
  if (!first) return undefined;
  const line = first.path === '' ? first.message : `${first.path}: ${first.message}`;
  return others.length === 0 ? line : `${line}, and ${others.length} more in errors`;
}

/** The status that Nest's exceptions and Fastify's own errors carry. */
function frameworkStatus(error: unknown): number | undefined {
  const candidate = error as { getStatus?: () => number; statusCode?: unknown } | null;
  if (typeof candidate?.getStatus === 'function') return candidate.getStatus();
  return typeof candidate?.statusCode === 'number' ? candidate.statusCode : undefined;
}
