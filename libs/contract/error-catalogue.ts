/** An error as the public API and other contexts see it. */
export interface ErrorDescription {
  /** The HTTP status of the public API. */
  readonly status: number;
  readonly title: string;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  readonly level: 'info' | 'warn' | 'error';
}

/** An error that stays one for as long as the request is the same. */
export const refused = (status: number, title: string): ErrorDescription => ({
  status,
  title,
  retryable: false,
  level: 'info',
});

/** An error that a retry may overcome. */
export const temporary = (status: number, title: string): ErrorDescription => ({
  status,
  title,
  retryable: true,
  level: 'warn',
});

/** The errors that every product has; a product adds its own by its contexts. */
export const CATALOGUE = {
  // Requests
  validation_failed: refused(400, 'The request is not valid'),
  malformed_request: refused(400, 'The request cannot be read'),
  unauthenticated: refused(401, 'A valid access token is needed'),
  forbidden: refused(403, 'This needs a role that you do not have'),
  second_factor_not_set_up: refused(403, 'This needs a second factor, which your account does not have'),
  internal_port: refused(403, 'This port is for the other processes of the product alone'),
  not_found: refused(404, 'Not found'),
  method_not_allowed: refused(405, 'The method does not fit this path'),
  version_mismatch: refused(412, 'The resource has changed since it was read'),
  payload_too_large: refused(413, 'The body is too large'),
  uri_too_long: refused(414, 'The address is too long'),
  unsupported_media_type: refused(415, 'The body must be application/json'),
  headers_too_large: refused(431, 'The headers are too large'),
  too_many_requests: { status: 429, title: 'too many requests', retryable: true, level: 'info' },
  request_timeout: refused(408, 'The request took too long to arrive'),
  idempotency_key_reused: refused(422, 'The idempotency key was used with another body'),
  internal_error: { status: 500, title: 'Internal server error', retryable: false, level: 'error' },

  // Operations
  saga_not_found: refused(404, 'There is no such saga'),
  saga_ended: refused(409, 'The saga has ended'),
  saga_expired: refused(409, 'It could not be completed in time'),
  saga_aborted: refused(409, 'An operator aborted it'),
  dead_letter_not_found: refused(404, 'There is no such dead letter'),
  dead_letter_failed_again: refused(409, 'The event could not be handled again'),
  trace_not_found: refused(404, 'There is no such trace, or it is not kept any more'),
  topology_not_changed: refused(409, 'The topology cannot be changed so'),

  // Transport: the call did not reach its end, whatever the other side did
  unavailable: temporary(503, 'The service is unavailable'),
  bad_gateway: temporary(502, 'The upstream closed the connection'),
  deadline_exceeded: temporary(504, 'The answer took too long'),
  cancelled: refused(499, 'The client closed the request'),
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
