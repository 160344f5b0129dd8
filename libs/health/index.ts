export { HealthRegistry, type HealthSource, type State } from './health-registry.js';
export { HealthModule } from './health.module.js';
