export { type CallDependencies, callDependencies } from './call-dependencies.js';
export { ContractsModule } from './contracts.module.js';
export type { HostedModule } from './hosted-module.js';
export { HostedWork } from './hosted-work.js';
export { HostingModule } from './hosting.module.js';
export { internalCredentials } from './internal-credentials.js';
export { resolveAdvertisedAddress } from './plan/advertised-address.js';
export { chooseFreePorts } from './plan/free-ports.js';
export { checkPlan } from './plan/plan-check.js';
export type { ProcessPlan } from './plan/process-plan.js';
export { readPlan, settlePlan } from './plan/read-plan.js';
export { readTopologies, readTopology } from './plan/topology-file.js';
export type {
  ApplicationAsyncOptions,
  ApplicationOptions,
  ApplicationParts,
  ApplicationSettings,
} from './application/application-options.js';
export { FissileModule } from './application/fissile.module.js';
