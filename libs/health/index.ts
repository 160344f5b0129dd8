export { HealthModule } from './health.module.js';
export { HealthSettings } from './health.settings.js';
export { HealthRegistry, type HealthCheck, type HealthSource, type State } from './health-registry.js';
