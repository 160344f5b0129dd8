export { Breaker, type BreakerStatus } from './breaker.js';
export { BreakerMetrics, type BreakerState } from './breaker-metrics.js';
export { BreakerSettings } from './breaker.settings.js';
export { Breakers } from './breakers.js';
export { CallTimes } from './call-times.js';
export { ResilienceModule } from './resilience.module.js';
