/** An answer of the API that is not a success. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly request: string,
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly { path: string; message: string }[] = [],
  ) {
    const fields = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    super(`${request} was answered ${status} ${code}: ${fields || detail}`);
  }
}

/** The tool cannot go on; the message says what to do. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
