// First: it keeps for the next start what is compiled after it.
import './compile-cache.js';
export { type HostedModule, internalCredentials } from '@fissile/kit/nest';
export { type RunningProcess, startProcess } from './run-process.js';
export { serve, serveChosen } from './serve.js';
