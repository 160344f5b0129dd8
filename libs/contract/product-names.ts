import type { CATALOGUE } from './error-catalogue.js';

declare global {
  /**
   * Names that a product adds to those of the kit, so that the compiler knows them wherever one is expected. A product
   * fills the interfaces by declaration merging, beside its `defineProduct`; the kit alone knows its own names.
   */
  namespace Fissile {
    /** Codes of errors, as keys: `interface ErrorCodes extends Record<ErrorCodeOf<typeof product>, true> {}`. */
    interface ErrorCodes {}
    /** What the product records in its audit logs, as keys. */
    interface AuditActions {}
    /** Answers that stand in for another while a part of the product is unavailable, as keys. */
    interface Fallbacks {}
  }
}

export type ErrorCode = keyof typeof CATALOGUE | keyof Fissile.ErrorCodes;

/** What the kit itself records: acts of operators, by the API or `fissile doctor`, and who was refused at what is theirs. */
export const KIT_AUDIT_ACTIONS = [
  'saga.retried',
  'saga.aborted',
  'dead_letter.replayed',
  'dead_letter.discarded',
  'database.repaired',
  'access.refused',
  'topology.changed',
] as const;

export type AuditAction = (typeof KIT_AUDIT_ACTIONS)[number] | keyof Fissile.AuditActions;

export type FallbackName = keyof Fissile.Fallbacks;
