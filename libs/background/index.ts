export { BackgroundLoop } from './background-loop.js';
