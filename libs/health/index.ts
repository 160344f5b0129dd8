export { HealthModule } from './health.module.js';
export { HealthRegistry, type HealthCheck, type HealthSource, type State } from './health-registry.js';
