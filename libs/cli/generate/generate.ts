/** What other commands need of this folder. */
export type { DeploymentDescription, GeneratedFile } from './description.js';
export { generatedFiles } from './generated-files.js';
export { type PendingFiles, readDeployment } from './read-deployment.js';
export { writeGenerated } from './write-generated.js';
