// First: it keeps for the next start what is compiled after it.
import './compile-cache.js';
export { ContractRegistry } from './contract-registry.js';
export { internalSecretOf } from './internal-secret.js';
export { implement } from './implement.js';
export { OperationsClients } from './operations-clients.js';
export type { HostedModule } from './hosted-module.js';
export { Placement } from './placement.js';
export { serve, serveChosen } from './serve.js';
