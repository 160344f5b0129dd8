export { claimFreePort, claimPort } from './claimed-port.js';
export { askControl, controlSocketIn } from './control-socket.js';
export { MissingPackagesError, missingPackages, requirePackages } from './missing-packages.js';
export { releaseMemory } from './release-memory.js';
