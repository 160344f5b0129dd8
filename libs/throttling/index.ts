export { EdgeThrottlerGuard } from './edge-throttler.guard.js';
export { ThrottlingModule } from './throttling.module.js';
export { ThrottleSettings } from './throttle.settings.js';
export { takeToken, type BucketLimit, type BucketState, type Taken } from './token-bucket.js';
