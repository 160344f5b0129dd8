export { asError } from './as-error.js';
export { BackgroundLoop } from './background-loop.js';
export { Ending } from './cancellation-token.js';
export { sharedWhileUnderWay } from './while-under-way.js';
