import type { ContextName, EventEnvelope } from '@fissile/kit/contract';

/** Reaches the inboxes of contexts in other processes. */
export abstract class RemoteInboxes {
  abstract contexts(): readonly ContextName[];

  /** Resolves when the context has handled the event. */
  abstract deliver(context: ContextName, envelope: EventEnvelope): Promise<void>;

  /** The families of types that the context handles, or types of them. */
  abstract handledTypes(context: ContextName): Promise<readonly string[]>;
}
