export { claimFreePort, claimPort } from './claimed-port.js';
export { missingPackages } from './missing-packages.js';
export { releaseMemory } from './release-memory.js';
