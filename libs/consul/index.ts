export { type ConsulAccess, type ConsulAnswer, ConsulClient, ConsulError } from './consul-client.js';
export { ConsulWatch, type WatchListener } from './consul-watch.js';
