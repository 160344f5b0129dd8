import { requireError } from './error-catalogue.js';
import type { ErrorCode } from './product-names.js';

/** Plain values that say more about an error, such as the id of what is missing. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** The form in which an error crosses a process boundary: no stack, no class. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: ErrorDetails;
}

/**
 * A failure that a contract or the public API promises, thrown by any context and identified by `code` alone.
 * Codes, statuses and whether a retry makes sense come from the error catalogue.
 */
export class ContextError extends Error {
  override readonly name = 'ContextError';

  private constructor(
    readonly code: string,
    message: string,
    /** The HTTP status of the public API. */
    readonly status: number,
    /** Whether the same call may succeed later without any change. */
    readonly retryable: boolean,
    readonly details: ErrorDetails,
  ) {
    super(message);
  }

  static of(code: ErrorCode, message?: string, details: ErrorDetails = {}): ContextError {
    const entry = requireError(code);
    return new ContextError(code, message ?? entry.title, entry.status, entry.retryable, details);
  }

  /** Rebuilds an error that came over the wire; a code that this process does not know keeps all its fields. */
  static fromRecord(record: ErrorRecord): ContextError {
    return new ContextError(record.code, record.message, record.status, record.retryable, {
      ...record.details,
    });
  }

  toRecord(): ErrorRecord {
    const { code, message, status, retryable, details } = this;
    return { code, message, status, retryable, details };
  }
}

/** True for a ContextError with that code. */
export function hasCode(error: unknown, code: ErrorCode): error is ContextError {
  return error instanceof ContextError && error.code === code;
}
