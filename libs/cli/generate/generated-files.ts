import { composeFile } from './compose/compose-file.js';
import { envExample } from './compose/env-example.js';
import { supportFiles } from './compose/support-files.js';
import { type DeploymentDescription, type GeneratedFile, topologiesNamed } from './description.js';
import { dockerfile, dockerignore } from './dockerfile.js';
import { baseFiles } from './kubernetes/base-files.js';
import { liveFiles } from './kubernetes/live-files.js';
import { overlayFiles } from './kubernetes/overlay-files.js';
import { migrateFiles } from './kubernetes/migrate-files.js';
import { observeFiles } from './kubernetes/observe-files.js';
import { nestCli } from './nest-cli.js';

/** Which of the generated files a command is about. */
export type Part = 'all' | 'compose' | 'k8s';

/** Every file that follows from the description. */
export function generatedFiles(description: DeploymentDescription): GeneratedFile[] {
  return [...buildFiles(description), ...composeFiles(description), ...kubernetesFiles(description)];
}

/** Those files of a part; what else there is stays as it is. */
export function isOfPart(path: string, part: Part): boolean {
  const isOfKubernetes = path.startsWith('k8s/');
  if (part === 'k8s') return isOfKubernetes;
  return part === 'all' || path === 'docker-compose.yml' || path.startsWith('deploy/');
}

function buildFiles(description: DeploymentDescription): GeneratedFile[] {
  return [nestCli(description), ...dockerfile(description), ...dockerignore(description)];
}

function composeFiles(description: DeploymentDescription): GeneratedFile[] {
  const { compose } = description;
  if (!compose) return [];
  return [
    composeFile(description, compose),
    envExample(description, compose),
    ...supportFiles(description, compose),
  ];
}

function kubernetesFiles(description: DeploymentDescription): GeneratedFile[] {
  const { name, kubernetes } = description;
  if (!kubernetes) return [];
  const topologies = topologiesNamed(description, kubernetes.topologies);
  return [
    ...baseFiles(name),
    ...migrateFiles(name),
    ...observeFiles(description, kubernetes),
    ...topologies.flatMap((topology) => overlayFiles(description, kubernetes, topology)),
    ...(kubernetes.live ? liveFiles(description, kubernetes, kubernetes.live) : []),
  ];
}
