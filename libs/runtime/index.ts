// First: it keeps for the next start what is compiled after it.
import './compile-cache.js';
export type { HostedModule } from './hosted-module.js';
export { internalSecretOf } from './internal-secret.js';
export { serve, serveChosen } from './serve.js';
