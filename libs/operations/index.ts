export { AuditLog, type AuditOutcome } from './audit/audit-log.js';
export { AUDIT_MIGRATIONS } from './audit/audit.migration.js';
export { AuditModule } from './audit/audit.module.js';
export { OperationsClients } from './operations-clients.js';
export { type ProcessClient, ProcessClients } from './process-clients.js';
export { OperationsModule } from './operations.module.js';
export { type ContextToExamine, examine, type Examination } from './doctor/examine.js';
export type { Finding, Retention } from './doctor/finding.js';
