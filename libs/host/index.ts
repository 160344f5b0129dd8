export { claimFreePort, claimPort } from './claimed-port.js';
export { missingPackages } from './missing-packages.js';
export { handBackMemory } from './release-memory.js';
