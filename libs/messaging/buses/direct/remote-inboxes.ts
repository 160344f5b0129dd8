import type { ContextName, EventEnvelope } from '@fissile/kit/contract';

/** Delivers to the inboxes of contexts in other processes. */
export abstract class RemoteInboxes {
  abstract contexts(): readonly ContextName[];

  /** Resolves when the context has handled the event. */
  abstract deliver(context: ContextName, envelope: EventEnvelope): Promise<void>;

  /** The event types that the context handles, with or without version. */
  abstract handledTypes(context: ContextName): Promise<readonly string[]>;
}
