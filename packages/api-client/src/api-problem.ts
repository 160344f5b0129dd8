/** Problem details (RFC 9457), as every product on the kit answers. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly traceId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An answer of the API that is not a success, as RFC 9457 problem details. `code` is what to test. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Which fields are wrong, and what was expected. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly details: Readonly<Record<string, unknown>>;
  /** Finds the request in the logs and traces. */
  readonly traceId: string | undefined;
  /** When it makes sense to ask again, where the answer says so. */
  readonly retryAfterSeconds: number | undefined;

  /** @param problem what the answer says; an answer that does not come from the product itself may say nothing */
  constructor(
    readonly request: string,
    response: Pick<Response, 'status' | 'headers'>,
    problem: Partial<Problem> = {},
  ) {
    const { title = 'unknown', detail = title, errors = [], details = {}, traceId } = problem;
    const code = problem.code ?? 'unknown';
    const fields = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    super(`${request} was answered ${response.status} ${code}: ${fields || detail}`);
    this.status = response.status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.details = details;
    this.traceId = traceId;
    this.retryAfterSeconds = secondsOf(response.headers.get('retry-after'));
  }
}

/** Whether it is a problem with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is ApiProblem {
  return error instanceof ApiProblem && codes.includes(error.code);
}

/** No response: nothing listens there, or the connection broke. Whether the request was handled is not known. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(url: string, cause: unknown) {
    const { message, cause: inner } = cause as { message?: string; cause?: { code?: string } };
    super(`There is no answer from ${url} (${inner?.code ?? message ?? 'no reason given'})`, { cause });
  }
}

/** Retry-After as the API writes it: a number of seconds. */
export function secondsOf(header: string | null): number | undefined {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
