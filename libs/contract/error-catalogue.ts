/** An error as the public API and other contexts see it. */
export interface ErrorDescription {
  /** The HTTP status of the public API. */
  readonly status: number;
  readonly title: string;
  /** What it means and what to do about it, after the title; an error with a message of its own does without. */
  readonly detail?: string | undefined;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  readonly level: 'info' | 'warn' | 'error';
}

/** An error that stays one for as long as the request is the same. */
export const refused = (status: number, title: string, detail?: string): ErrorDescription => ({
  status,
  title,
  detail,
  retryable: false,
  level: 'info',
});

/** An error that a retry may overcome. */
export const temporary = (status: number, title: string, detail?: string): ErrorDescription => ({
  status,
  title,
  detail,
  retryable: true,
  level: 'warn',
});

/** The errors that every product has; a product adds its own by its contexts. */
export const CATALOGUE = {
  // Requests
  validation_failed: refused(
    400,
    'The request is not valid',
    '`errors` names each invalid field by its path, and says what was expected there',
  ),
  malformed_request: refused(
    400,
    'The request cannot be read',
    'The body, the path or a header does not follow its syntax',
  ),
  unauthenticated: refused(
    401,
    'A valid access token is needed',
    'Send a valid token as `Authorization: Bearer …`; it is missing, expired or not one of this product',
  ),
  forbidden: refused(
    403,
    'This needs a role that you do not have',
    'The account that the token belongs to lacks a role that this route needs; the API documentation names it',
  ),
  second_factor_not_set_up: refused(
    403,
    'This needs a second factor, which your account does not have',
    'Add a second factor to the account, and sign in again',
  ),
  internal_port: refused(
    403,
    'This port is for the other processes of the product alone',
    'Send requests to the address of the gateway; processes accept calls from those components alone that a contract names',
  ),
  not_found: refused(
    404,
    'Not found',
    'Nothing is served at this method and path; the API documentation lists every route',
  ),
  method_not_allowed: refused(
    405,
    'The method does not fit this path',
    'The path has other methods; the API documentation lists them',
  ),
  version_mismatch: refused(
    412,
    'The resource has changed since it was read',
    'Read the resource again, and send its current ETag as If-Match',
  ),
  payload_too_large: refused(413, 'The body is too large', 'Send a smaller body; BODY_LIMIT_BYTES limits it'),
  uri_too_long: refused(414, 'The address is too long', 'Shorten the path or the query'),
  unsupported_media_type: refused(
    415,
    'The body must be application/json',
    'Send the header `Content-Type: application/json`, and the body as JSON in UTF-8',
  ),
  headers_too_large: refused(
    431,
    'The headers are too large',
    'Send fewer or shorter headers; HEADER_LIMIT_BYTES limits all of them together',
  ),
  too_many_requests: {
    status: 429,
    title: 'too many requests',
    detail: 'Wait for as many seconds as the header Retry-After says, and send the same request again',
    retryable: true,
    level: 'info',
  },
  request_timeout: refused(
    408,
    'The request took too long to arrive',
    'Send the whole request within REQUEST_TIMEOUT_MS',
  ),
  idempotency_key_reused: refused(
    422,
    'The idempotency key was used with another body',
    'Send a new Idempotency-Key with another body; the same key repeats the first request only',
  ),
  internal_error: {
    status: 500,
    title: 'Internal server error',
    detail: 'The log has more under the traceId of this answer',
    retryable: false,
    level: 'error',
  },

  // Operations
  saga_not_found: refused(404, 'There is no such saga', 'No context has a saga with this id'),
  saga_ended: refused(
    409,
    'The saga has ended',
    'A saga that has completed or was compensated is neither retried nor aborted',
  ),
  saga_expired: refused(
    409,
    'It could not be completed in time',
    'A step or a wait was still unfinished when the time of the saga was over, so it was compensated',
  ),
  saga_aborted: refused(
    409,
    'An operator aborted it',
    'The steps that were done have been compensated; the audit log names the operator',
  ),
  dead_letter_not_found: refused(
    404,
    'There is no such dead letter',
    'No context has a dead letter with this id; it may have been replayed or discarded',
  ),
  dead_letter_failed_again: refused(
    409,
    'The event could not be handled again',
    'It stays a dead letter; correct the cause before the next replay',
  ),
  trace_not_found: refused(
    404,
    'There is no such trace, or it is not kept any more',
    'Each process keeps its last RECENT_SPANS spans for RECENT_MINUTES, and drops the oldest first',
  ),
  topology_not_changed: refused(
    409,
    'The topology cannot be changed so',
    'The product goes on with the topology that it has',
  ),
  advice_refused: refused(
    409,
    'Nothing can be measured for an advice now',
    'There is one measurement at a time, and none in production',
  ),

  // Transport: the call did not reach its end, whatever the other side did
  unavailable: temporary(
    503,
    'The service is unavailable',
    'A process, its database or its broker does not answer; send the same request again after Retry-After seconds',
  ),
  bad_gateway: temporary(
    502,
    'The upstream closed the connection',
    'The process ended its answer early; a request that changes something may have been carried out',
  ),
  deadline_exceeded: temporary(
    504,
    'The answer took too long',
    'The request may have been carried out; send it again with the same Idempotency-Key, or read the resource',
  ),
  cancelled: refused(
    499,
    'The client closed the request',
    'The connection was closed before there was an answer',
  ),
} as const satisfies Record<string, ErrorDescription>;

const known = new Map<string, ErrorDescription>(Object.entries(CATALOGUE));

/**
 * Makes errors of a product known to this program. `defineContext` does it; the same description may come twice.
 * @throws Error when a code has another meaning already
 */
export function registerErrors(errors: Readonly<Record<string, ErrorDescription>>): void {
  for (const [code, description] of Object.entries(errors)) {
    const earlier = known.get(code);
    if (earlier && JSON.stringify(earlier) !== JSON.stringify(description)) {
      throw new Error(`the error ${code} is defined twice, with different descriptions`);
    }
    known.set(code, description);
  }
}

/** @throws Error for a code that is not defined here: the module that uses it was loaded before its context */
export function requireError(code: string): ErrorDescription {
  const found = known.get(code);
  if (!found)
    throw new Error(
      `the error ${code} is not defined; add it to the errors of its context, and import '#contracts/<context>' where no module does`,
    );
  return found;
}

/** undefined for a code that is not defined here. */
export function describeError(code: string): ErrorDescription | undefined {
  return known.get(code);
}

/** The codes of the kit and of the product, sorted. */
export function knownErrorCodes(): string[] {
  return [...known.keys()].sort();
}
