/** What stops a command and is the user's to mend; its message is all that is printed. */
export class CommandError extends Error {}
