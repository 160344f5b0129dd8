/** What stops a command and is the user's to mend; its message is all that is printed. */
export class CommandError extends Error {
  /** @param exitCode 2 for a command line that is not understood */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
