/** The event bus cannot be used as things are; the message says what to do. */
export class EventBusStartError extends Error {
  override readonly name = 'EventBusStartError';
}
