import type { components } from './generated/api.js';

export type Problem = components['schemas']['Problem'];

/** The codes that this version knows, and any other: a later shop may know more. */
export type ErrorCode = Problem['code'] | (string & {});

/** An answer of the API that is not a success, as RFC 9457 problem details. `code` is what to test. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  /** Which fields are wrong, and what was expected. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly details: Readonly<Record<string, unknown>>;
  /** Finds the request in the shop's logs and traces. */
  readonly traceId: string | undefined;
  /** When it makes sense to ask again, where the shop says so. */
  readonly retryAfterSeconds: number | undefined;

  /** @param problem what the answer says; an answer that does not come from the shop itself may say nothing */
  constructor(
    readonly request: string,
    response: Pick<Response, 'status' | 'headers'>,
    problem: Partial<Problem> = {},
  ) {
    const { title = 'unknown', detail = title, errors = [], details = {}, traceId } = problem;
    const code: ErrorCode = problem.code ?? 'unknown';
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
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is ApiProblem {
  return error instanceof ApiProblem && codes.includes(error.code);
}

/** No response: nothing listens there, or the connection broke. Whether the request was handled is not known. */
export class ShopUnreachable extends Error {
  override readonly name = 'ShopUnreachable';

  constructor(url: string, cause: unknown) {
    const { message, cause: inner } = cause as { message?: string; cause?: { code?: string } };
    super(`There is no answer from ${url} (${inner?.code ?? message ?? 'no reason given'})`, { cause });
  }
}

/** Retry-After as the shop writes it: a number of seconds. */
export function secondsOf(header: string | null): number | undefined {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
