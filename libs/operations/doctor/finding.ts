import type { ContextName } from '@fissile/kit/contract';
import type { Database } from '@fissile/kit/database';

/** Something that is not as it should be in the databases of a product. */
export interface Finding {
  readonly context: ContextName;
  /** The check that found it, such as `missed events`. */
  readonly check: string;
  readonly message: string;
  /** What a person can do about it, or what the repair would do. */
  readonly advice: string;
  /** Only where a repair is safe, however often it runs. Resolves with what was done. */
  readonly repair?: () => Promise<string>;
}

/** A context whose database is open, and what its schema has. */
export interface ExaminedDatabase {
  readonly context: ContextName;
  readonly database: Database;
  readonly hasEvents: boolean;
  readonly hasSagas: boolean;
  readonly hasAudit: boolean;
}

/** How long events and processed ones are kept, as the processes are set. */
export interface Retention {
  readonly outboxDays: number;
  readonly inboxDays: number;
}

/** `1 event`, `2 events`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
