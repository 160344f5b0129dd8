export type { HostedModule } from './hosted-module.js';
export { internalSecretOf } from './internal-secret.js';
export { serve, serveChosen } from './serve.js';
