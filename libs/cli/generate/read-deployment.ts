import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GATEWAY, MONOLITH, type Product, TOPOLOGY_FILE } from '@fissile/kit/contract';
import { type BrokerUse, eventsOf } from '@fissile/kit/messaging';
import { CommandError } from '../command-error.js';
import { DEPLOYMENT_FILE, type DeploymentFile, readDeploymentFile } from './deployment-file.js';
import {
  type ComposeDescription,
  type DeploymentDescription,
  type IngressPath,
  type KubernetesDescription,
  type ObservabilityDescription,
  type ObservedFile,
  SPLIT,
  type Variable,
} from './description.js';
import { RECORD_FILE } from '../upgrade/template-record.js';
import { isGenerated } from './header.js';
import { ACCOUNT_FILES } from './compose/broker-accounts.js';
import { composeServiceNames } from './compose/service-names.js';
import { connectionErrors } from './kubernetes/connections.js';
import { readTopologies } from './topologies.js';

/** As of the setting TRANSPORT_PREFIX. */
const DEFAULT_PREFIX = 'fissile';

/** The API, what its errors lead to, and what pages of the product load. */
const PUBLIC_PATHS: readonly IngressPath[] = [
  { path: '/api', exact: false },
  { path: '/assets', exact: false },
  { path: '/errors', exact: true },
];

/** The pages of operators and developers, which clients reach when the product says so. */
const CONSOLE_PATHS: readonly IngressPath[] = [
  { path: '/docs', exact: false },
  { path: '/docs-json', exact: true },
  { path: '/docs-events-json', exact: true },
  { path: '/console', exact: false },
  { path: '/sign-in.json', exact: true },
];

/** Texts of files that are about to be written, by their paths in the product: they count instead of those on the disk. */
export type PendingFiles = Readonly<Record<string, string>>;

/**
 * Reads what a deployment is generated from: package.json, config/topology.yaml, config/deployment.yaml, and the parts of
 * Dockerfile and nest-cli.json that are the user's.
 * @param contexts the names of the product's contexts; those that it is about to have count too
 * @param more a topology that gets an overlay of Kubernetes beside those that have one; the product, where it is compiled
 * @throws CommandError that names all that is wrong
 */
export function readDeployment(
  root: string,
  contexts: readonly string[],
  pending: PendingFiles = {},
  more: {
    readonly kubernetesTopology?: string | undefined;
    readonly product?: Pick<Product, 'contexts' | 'settings'>;
  } = {},
): DeploymentDescription {
  const errors: string[] = [];
  const read = (path: string): string | undefined => pending[path] ?? readIfThere(join(root, path));
  const packageFile = JSON.parse(read('package.json') ?? '{}') as PackageFile;
  const components = [GATEWAY, ...contexts];
  const topologies = readTopologies(read(TOPOLOGY_FILE), components, errors);
  const names = topologies.map(({ name }) => name);
  const file = readDeploymentFile(read(DEPLOYMENT_FILE), { components, topologies: names }, errors);
  const extra = more.kubernetesTopology === undefined ? [] : [more.kubernetesTopology];
  errors.push(
    ...extra
      .filter((name) => !names.includes(name))
      .map((name) => `--topology ${name}: unknown; expected one of ${names.join(', ')}`),
  );
  const description: DeploymentDescription = {
    name: nameOf(packageFile, errors),
    contexts,
    topologies,
    environment: variablesOf(file.environment),
    components: readComponents(file),
    brokerUse: more.product && brokerUseOf(more.product, file),
    kept: Object.fromEntries(
      ACCOUNT_FILES.flatMap((path) => {
        const text = read(path);
        return text === undefined ? [] : [[path, text]];
      }),
    ),
    compose: readCompose(file, names),
    kubernetes: readKubernetes(file, { contexts, topologies: names }, [...overlaysIn(root), ...extra]),
    observability: readObservability(root),
    packageFolders: packageFoldersOf(packageFile),
    dockerfile: read('Dockerfile'),
    templateRecord: read(RECORD_FILE),
    dockerignore: read('.dockerignore'),
    nestCli: readNestCli(read('nest-cli.json'), errors),
  };
  errors.push(...clashes(description), ...connectionErrors(description), ...liveErrors(description));
  if (errors.length > 0) throw new CommandError(errors.join('\n'));
  return description;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

interface PackageFile {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The folders of the product with packages that an installation needs, such as `vendor`. */
export function packageFoldersIn(root: string): string[] {
  return packageFoldersOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageFile);
}

function packageFoldersOf({ dependencies, devDependencies }: PackageFile): string[] {
  const folders = Object.values({ ...devDependencies, ...dependencies }).flatMap(
    (version) => /^file:(?:\.\/)?([\w-][\w.-]*)\//.exec(version)?.[1] ?? [],
  );
  return [...new Set(folders)].sort();
}

/** Names of images and of Kubernetes have small letters, digits and - alone. */
function nameOf({ name = '' }: PackageFile, errors: string[]): string {
  const plain = name.replace(/^@[^/]*\//, '').replaceAll(/[^a-z0-9]+/g, '-');
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(plain) || plain.endsWith('-')) {
    errors.push('package.json: name: expected up to 30 letters, digits and -, which images are called by');
  }
  return plain;
}

function variablesOf(variables: DeploymentFile['environment']): Variable[] {
  return Object.entries(variables).map(([name, variable]) => ({ name, ...variable }));
}

/** The prefix is what the processes are given, or what the product says. */
function brokerUseOf(
  product: Pick<Product, 'contexts' | 'settings'>,
  { environment }: DeploymentFile,
): BrokerUse {
  const given = environment['TRANSPORT_PREFIX']?.default ?? product.settings['TRANSPORT_PREFIX'];
  return { prefix: given ?? DEFAULT_PREFIX, events: eventsOf(product) };
}

function readComponents({ components }: DeploymentFile): Record<string, Variable[]> {
  return Object.fromEntries(
    Object.entries(components).map(([name, variables]) => [name, variablesOf(variables ?? {})]),
  );
}

/** Overlays that were generated stay, so that `fissile k8s --topology` is asked for each but once. */
function readKubernetes(
  { kubernetes }: DeploymentFile,
  { contexts, topologies }: Readonly<Record<'contexts' | 'topologies', readonly string[]>>,
  more: readonly string[],
): KubernetesDescription | undefined {
  if (kubernetes === false) return undefined;
  const chosen = kubernetes.topologies ?? defaultsOf(topologies);
  const all = new Set([...chosen, ...more.filter((name) => topologies.includes(name))]);
  const common = [...PUBLIC_PATHS, ...(kubernetes.publishConsole ? CONSOLE_PATHS : [])];
  const own = kubernetes.paths.filter(({ path }) => !common.some((one) => one.path === path));
  const live = kubernetes.live && { ...kubernetes.live, contexts: kubernetes.live.contexts ?? contexts };
  return { ...kubernetes, topologies: [...all], paths: [...common, ...own], live };
}

/** What moves between the overlays of monolith and split needs both, with a process for each context. */
function liveErrors({ kubernetes, topologies }: DeploymentDescription): string[] {
  if (!kubernetes?.live) return [];
  const at = `${DEPLOYMENT_FILE}: kubernetes.live`;
  const lacking = [MONOLITH, SPLIT].filter((name) => !kubernetes.topologies.includes(name));
  if (lacking.length > 0) return [`${at}: expected ${lacking.join(' and ')} in kubernetes.topologies`];
  const split = topologies.find(({ name }) => name === SPLIT)?.processes ?? [];
  const apart = kubernetes.live.contexts.filter(
    (context) => !split.some(({ name, hosts }) => name === context && hosts.length === 1),
  );
  return [
    ...apart.map(
      (context) => `${at}.contexts: ${context} has no process of its own, and of its name, in ${SPLIT}`,
    ),
    ...(kubernetes.topologies.includes('live') ? [`${at}: a topology is called live; rename it`] : []),
  ];
}

function readCompose(
  { compose }: DeploymentFile,
  topologies: readonly string[],
): ComposeDescription | undefined {
  if (compose === false) return undefined;
  return { ...compose, topologies: [...new Set(compose.topologies ?? defaultsOf(topologies))] };
}

function defaultsOf(topologies: readonly string[]): string[] {
  return topologies.filter((name) => name === MONOLITH || name === SPLIT);
}

function readObservability(root: string): ObservabilityDescription {
  const filesOf = (folder: string, extension: string): ObservedFile[] =>
    globSync(`deploy/${folder}/*${extension}`, { cwd: root })
      .map((path) => ({
        name: basename(path, extension),
        content: readFileSync(join(root, path), 'utf8'),
      }))
      .sort((one, other) => one.name.localeCompare(other.name));
  return { rules: filesOf('prometheus/rules', '.yml'), dashboards: filesOf('grafana/dashboards', '.json') };
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
