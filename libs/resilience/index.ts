export { Breaker, type BreakerStatus } from './breaker.js';
export { BREAKER_STATES, BreakerMetrics, type BreakerState } from './breaker-metrics.js';
export { BreakerSettings } from './breaker.settings.js';
export { Breakers } from './breakers.js';
export { CallTimes } from './call-times.js';
export { Fallbacks, type FallbackName } from './fallbacks.js';
export { isNoAnswer } from './no-answer.js';
export { ResilienceModule } from './resilience.module.js';
