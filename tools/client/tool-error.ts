/** The tool cannot continue; the message says what to do. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
