export { AuditLog, type AuditOutcome } from './audit/audit-log.js';
export { AUDIT_MIGRATIONS } from './audit/audit.migration.js';
export { Refusals } from './audit/refusals.js';
export { AuditModule } from './audit/audit.module.js';
export { AccessRefusalReport } from './access-refusal-report.js';
export { OperationsClients } from './operations-clients.js';
export { type ProcessClient, ProcessClients } from './process-clients.js';
export { OperationsModule } from './operations.module.js';
export { PersonalDataClients } from './personal-data/personal-data-clients.js';
export { type PersonalDataPage, PersonalRecords } from './personal-data/personal-records.js';
export { keepsPersonalData, PersonalDataKeepers } from './personal-data/personal-data-keepers.js';
export { type ContextToExamine, examine, type Examination } from './doctor/examine.js';
export type { Finding, Retention } from './doctor/finding.js';
export { isForOperators, pageLink, type PageLink, pageLinksOf } from './operator-pages.js';
export { ChangeRequest, changeOf } from './topology/change-request.js';
export {
  CHANGE_STAGES,
  type ChangeStage,
  type ChangeView,
  type ControlView,
  NoTopologyControl,
  type RunningProcessView,
  TopologyControl,
  type TopologyRequest,
} from './topology/topology-control.js';
