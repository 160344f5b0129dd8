import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';
import { DEPLOYMENT_FILE, type DeploymentFile, readDeploymentFile } from './deployment-file.js';
import {
  type DeploymentDescription,
  GATEWAY,
  type IngressPath,
  MONOLITH,
  SPLIT,
  type Variable,
} from './description.js';
import { isGenerated } from './header.js';
import { composeServiceNames } from './compose/service-names.js';
import { readTopologies } from './topologies.js';

/** The pages of the kit, which every product has. */
const COMMON_PATHS: readonly IngressPath[] = [
  { path: '/api', exact: false },
  { path: '/docs', exact: false },
  { path: '/docs-json', exact: true },
  { path: '/console', exact: false },
  { path: '/assets', exact: false },
];

/** Texts of files that are about to be written, by their paths in the product: they count instead of those on the disk. */
export type PendingFiles = Readonly<Record<string, string>>;

/**
 * Reads what a deployment is generated from: package.json, config/topology.yaml, config/deployment.yaml, and the parts of
 * Dockerfile and nest-cli.json that are the user's.
 * @param contexts the names of the product's contexts; those that it is about to have count too
 * @param more a topology that gets an overlay of Kubernetes beside those that have one
 * @throws CommandError that names all that is wrong
 */
export function readDeployment(
  root: string,
  contexts: readonly string[],
  pending: PendingFiles = {},
  more: { readonly kubernetesTopology?: string | undefined } = {},
): DeploymentDescription {
  const errors: string[] = [];
  const read = (path: string): string | undefined => pending[path] ?? readIfThere(join(root, path));
  const components = [GATEWAY, ...contexts];
  const topologies = readTopologies(read('config/topology.yaml'), components, errors);
  const file = readDeploymentFile(read(DEPLOYMENT_FILE), errors);
  const names = topologies.map(({ name }) => name);
  const extra = more.kubernetesTopology === undefined ? [] : [more.kubernetesTopology];
  errors.push(
    ...extra.filter((name) => !names.includes(name)).map((name) => `--topology ${unknown(name, names)}`),
  );
  const description: DeploymentDescription = {
    name: nameOf(read('package.json'), errors),
    contexts,
    topologies,
    environment: variablesOf(file.environment),
    components: readComponents(file, components, errors),
    compose: readCompose(file, names, errors),
    kubernetes: readKubernetes(file, names, [...overlaysIn(root), ...extra], errors),
    dockerfile: read('Dockerfile'),
    nestCli: readNestCli(read('nest-cli.json'), errors),
  };
  errors.push(...clashes(description));
  if (errors.length > 0) throw new CommandError(errors.join('\n'));
  return description;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Names of images and of Kubernetes have small letters, digits and - alone. */
function nameOf(packageFile: string | undefined, errors: string[]): string {
  const { name = '' } = JSON.parse(packageFile ?? '{}') as { name?: string };
  const plain = name.replace(/^@[^/]*\//, '').replaceAll(/[^a-z0-9]+/g, '-');
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(plain) || plain.endsWith('-')) {
    errors.push('package.json: name: expected up to 30 letters, digits and -, which images are called by');
  }
  return plain;
}

function variablesOf(variables: DeploymentFile['environment']): Variable[] {
  return Object.entries(variables).map(([name, variable]) => ({ name, ...variable }));
}

function readComponents(
  file: DeploymentFile,
  components: readonly string[],
  errors: string[],
): Record<string, Variable[]> {
  const entries = Object.entries(file.components);
  const strangers = entries.map(([name]) => name).filter((name) => !components.includes(name));
  errors.push(...strangers.map((name) => `${DEPLOYMENT_FILE}: components.${unknown(name, components)}`));
  return Object.fromEntries(entries.map(([name, variables]) => [name, variablesOf(variables ?? {})]));
}

function readCompose({ compose }: DeploymentFile, names: readonly string[], errors: string[]) {
  if (compose === false) return undefined;
  return { ...compose, topologies: chosen(compose.topologies, names, 'compose', errors) };
}

/** Overlays that were generated stay, so that `fissile k8s --topology` is asked for each but once. */
function readKubernetes(
  { kubernetes }: DeploymentFile,
  names: readonly string[],
  more: readonly string[],
  errors: string[],
) {
  if (kubernetes === false) return undefined;
  const topologies = chosen(kubernetes.topologies, names, 'kubernetes', errors);
  const all = new Set([...topologies, ...more.filter((name) => names.includes(name))]);
  const own = kubernetes.paths.filter(({ path }) => !COMMON_PATHS.some((common) => common.path === path));
  return { ...kubernetes, topologies: [...all], paths: [...COMMON_PATHS, ...own] };
}

function chosen(
  asked: readonly string[] | undefined,
  names: readonly string[],
  where: string,
  errors: string[],
): readonly string[] {
  if (!asked) return names.filter((name) => name === MONOLITH || name === SPLIT);
  const strangers = asked.filter((name) => !names.includes(name));
  errors.push(...strangers.map((name) => `${DEPLOYMENT_FILE}: ${where}.topologies: ${unknown(name, names)}`));
  return [...new Set(asked)];
}

function unknown(name: string, known: readonly string[]): string {
  return `${name}: unknown; expected one of ${known.join(', ')}`;
}

/** The topologies whose overlays are among the generated files. */
function overlaysIn(root: string): string[] {
  return globSync('k8s/overlays/*/kustomization.yaml', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => isGenerated(path, readFileSync(join(root, path), 'utf8')))
    .map((path) => path.split('/')[2] ?? '')
    .sort();
}

function readNestCli(text: string | undefined, errors: string[]): Record<string, unknown> {
  try {
    return JSON.parse(text ?? '{}') as Record<string, unknown>;
  } catch {
    errors.push('nest-cli.json: not readable JSON');
    return {};
  }
}

/** Names that two services of Compose would have. */
function clashes(description: DeploymentDescription): string[] {
  const names = composeServiceNames(description);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
  return [...repeated].map((name) => `compose: two services would be called ${name}; rename the process`);
}
