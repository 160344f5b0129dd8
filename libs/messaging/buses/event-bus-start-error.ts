/** The event bus cannot start with the current settings; the message says what to do. */
export class EventBusStartError extends Error {
  override readonly name = 'EventBusStartError';
}
