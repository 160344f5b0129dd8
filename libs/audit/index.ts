export { AUDIT_ACTIONS, type AuditAction, type AuditOutcome } from './audit-actions.js';
export { AuditLog, type AuditEntry, type AuditRecord } from './audit-log.js';
export { AUDIT_MIGRATIONS } from './audit.migration.js';
export { AuditModule } from './audit.module.js';
