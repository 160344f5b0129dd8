export { asError } from './as-error.js';
export { BackgroundLoop } from './background-loop.js';
export { CancellationToken } from './cancellation-token.js';
export { sharedWhileUnderWay } from './while-under-way.js';
