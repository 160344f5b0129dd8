export { BackgroundLoop } from './background-loop.js';
export { sharedWhileUnderWay } from './while-under-way.js';
