export { Balancer, type InstanceView, type Verdict, type Way } from './balancer.js';
export { Discovery } from './discovery.js';
export { DiscoveryModule } from './discovery.module.js';
export { DiscoverySettings } from './discovery.settings.js';
export { Registration } from './registration.js';
export { type Instance, originOf, type OwnProcess, type Place, type PlacedProcess } from './place.js';
