export { asError } from './as-error.js';
export { type Backoff, backoff } from './backoff.js';
export { BackgroundLoop } from './background-loop.js';
export { CancellationToken } from './cancellation-token.js';
export { type LoopReport, loopReports } from './loop-progress.js';
export { LruMap } from './lru-map.js';
export { sharedWhileUnderWay } from './while-under-way.js';
export { settledWithin, withTimeout } from './with-timeout.js';
