import { Metadata, type ServiceError, status, type StatusObject } from '@grpc/grpc-js';
import { ContextError } from '@fissile/kit/contract';
import { NOT_BEGUN } from '../../binding/not-begun.js';
import { errorFromWire, errorToWire, transportFailure } from '../wire-error.js';

/** Trailing metadata with the whole error as JSON; other clients read the status and its message. */
const ERROR_KEY = 'fissile-error-bin';

const BY_HTTP_STATUS: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  412: status.ABORTED,
  422: status.FAILED_PRECONDITION,
  402: status.FAILED_PRECONDITION,
  429: status.RESOURCE_EXHAUSTED,
  499: status.CANCELLED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** The gRPC status with which the server responds to a failed call. */
export function toGrpcStatus(error: unknown): Error & StatusObject {
  const record = errorToWire(error);
  const metadata = new Metadata();
  metadata.set(ERROR_KEY, Buffer.from(JSON.stringify(record)));
  const answer = {
    code: BY_HTTP_STATUS[record.status] ?? status.INTERNAL,
    details: `${record.code}: ${record.message}`,
    metadata,
  };
  return Object.assign(new Error(answer.details), answer);
}

/** The error that the caller of a failed call receives. */
export function fromGrpcError(error: ServiceError, context: string): ContextError {
  const [told] = error.metadata?.get(ERROR_KEY) ?? [];
  if (told !== undefined) return errorFromWire(parse(told.toString()));
  if (error.code === status.DEADLINE_EXCEEDED) return ContextError.of('deadline_exceeded');
  if (error.code === status.CANCELLED) return ContextError.of('cancelled');
  // As in a process of another context that has got the address: it has not begun what it does not know.
  if (error.code === status.UNIMPLEMENTED) return transportFailure(context, NOT_BEGUN);
  return transportFailure(context);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
