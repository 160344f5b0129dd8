/** What libraries hand to callbacks as an error is not always one. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
