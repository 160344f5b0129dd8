/** What is recorded. A name stays the same for ever: records are never changed. */
export const AUDIT_ACTIONS = [
  'user.registered',
  'user.roles_changed',
  'user.status_changed',
  'admin.made',
  'login.locked_out',
  'session.ended',
  'session.reused',
  'product.added',
  'product.changed',
  'stock.counted',
  'stock.adjusted',
  'payment.refunded',
  'order.cancelled',
  'saga.retried',
  'saga.aborted',
  'dead_letter.replayed',
  'dead_letter.discarded',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditOutcome = 'done' | 'refused' | 'failed';
