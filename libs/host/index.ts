export { claimFreePort, claimPort } from './claimed-port.js';
export { MissingPackagesError, missingPackages, requirePackages } from './missing-packages.js';
export { releaseMemory } from './release-memory.js';
