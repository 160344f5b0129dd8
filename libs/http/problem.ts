import { z } from 'zod';
import {
  ContextError,
  describeError,
  type ErrorCode,
  isTransientError,
  requireError,
} from '@fissile/kit/contract';
import { RequestInvalid } from './validation.js';

/** RFC 9457 problem details, the form of every error of the API. */
export const Problem = z.object({
  type: z.string().meta({ example: 'about:blank' }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
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
    return { ...fromCode('validation_failed', traceId), errors: [...error.errors] };
  }
  if (error instanceof ContextError) return fromContextError(error, traceId);
  if (isTransientError(error)) return fromCode('unavailable', traceId);
  const code = BY_FRAMEWORK_STATUS[frameworkStatus(error) ?? 500];
  return fromCode(code ?? 'internal_error', traceId);
}

function fromCode(code: ErrorCode, traceId: string): Problem {
  const { title, status } = requireError(code);
  return { type: 'about:blank', title, status, detail: title, code, traceId };
}

function fromContextError(error: ContextError, traceId: string): Problem {
  const entry = describeError(error.code);
  const problem = {
    type: 'about:blank',
    title: entry?.title ?? error.message,
    status: error.status,
    detail: error.message,
    code: error.code,
    traceId,
  };
  return Object.keys(error.details).length === 0 ? problem : { ...problem, details: { ...error.details } };
}

/** The status that Nest's exceptions and Fastify's own errors carry. */
function frameworkStatus(error: unknown): number | undefined {
  const candidate = error as { getStatus?: () => number; statusCode?: unknown } | null;
  if (typeof candidate?.getStatus === 'function') return candidate.getStatus();
  return typeof candidate?.statusCode === 'number' ? candidate.statusCode : undefined;
}
