import { GATEWAY } from '@fissile/kit/contract';
import {
  appOf,
  contextsOf,
  type DeploymentDescription,
  type DescribedProcess,
  type DescribedTopology,
  databaseUrlName,
  type GeneratedFile,
  hostsSettingOf,
  HTTP_PORT,
  type KubernetesDescription,
  RPC_PORT,
  type Variable,
} from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { BROKER_ACCOUNTS, secretVariable } from './secrets.js';

/** A process of an overlay. */
export interface ProcessPlace {
  readonly folder: string;
  /** How many folders it is below k8s. */
  readonly depth: number;
  readonly description: DeploymentDescription;
  readonly kubernetes: KubernetesDescription;
  readonly topology: DescribedTopology;
  readonly process: DescribedProcess;
  /** Files of the folder that are about more than this process. */
  readonly resources?: readonly string[];
}

/** What makes a process of the base: its name, its image, and what of the secret it knows. */
export function processFiles(place: ProcessPlace): GeneratedFile[] {
  const { folder, depth, description, topology, process, resources = [] } = place;
  const { registry, tag } = place.kubernetes;
  const image = `${registry === undefined ? '' : `${registry}/`}${description.name}-${appOf(process)}`;
  const up = '../'.repeat(depth);
  const migrates = contextsOf(process).length > 0;
  const patches = [...secretPatches(place), ...hostPatches(place), ...servicePatches(place)];
  const clients = isCalledByBoth(topology, process) ? [clientService(place)] : [];
  const document = yamlDocument('{}');
  const entries = {
    bases: [`${up}base`, ...(migrates ? [`${up}migrate`] : [])],
    resources: [...resources, ...clients.map(fileName)],
    nameSuffix: `-${process.name}`,
    commonLabels: { 'app.kubernetes.io/name': process.name },
    images: [{ name: description.name, newName: image, newTag: tag }],
    patchesStrategicMerge: patches.map(fileName),
  };
  for (const [key, value] of Object.entries(entries)) {
    if (!Array.isArray(value) || value.length > 0) document.set(key, document.createNode(value));
  }
  return [yamlFile(`${folder}/kustomization.yaml`, document), ...patches, ...clients];
}

function fileName({ path }: GeneratedFile): string {
  return path.split('/').at(-1) ?? '';
}

interface PatchedResource {
  readonly kind: 'Deployment' | 'Job';
  readonly container: string;
  readonly args?: readonly string[];
  readonly env: readonly object[];
}

function patch(
  { folder, description: { name } }: ProcessPlace,
  file: string,
  about: string,
  of: readonly PatchedResource[],
) {
  const documents = of.map(({ kind, container, args, env }, index) => {
    const document = yamlDocument('{}');
    const spec = { containers: [{ name: container, ...(args ? { args } : {}), env }] };
    document.contents = document.createNode({
      apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
      kind,
      metadata: { name: kind === 'Job' ? `${name}-migrate` : name },
      spec: { template: { spec } },
    }) as unknown as typeof document.contents;
    if (index === 0) document.commentBefore = about;
    return document;
  });
  return yamlFile(`${folder}/${file}`, ...documents);
}

/** Whether gateways count the requests of a client together: there always are several of them. */
export function sharesLimits({ compose }: DeploymentDescription): boolean {
  return compose?.services.includes('redis') ?? false;
}

/** Gateways count requests there; the base has it as optional. */
function needsRedis(place: ProcessPlace): boolean {
  return place.process.hosts.includes(GATEWAY) && settingOf(place, 'THROTTLE_STORAGE') === 'redis';
}

/** By this the process is itself to the others; each has a Secret of its own for it. */
function privateKey({ description: { name: product }, process }: ProcessPlace): object {
  const secretKeyRef = { name: `${product}-key-${process.name}`, key: 'INTERNAL_AUTH_KEY', optional: true };
  return { name: 'INTERNAL_AUTH_KEY', valueFrom: { secretKeyRef } };
}

/** Its account at a broker is its own: each has a Secret for addresses, which have passwords, and for what Kafka asks for. */
function brokerAccounts(place: ProcessPlace): object[] {
  const { description, topology, process } = place;
  const reads = (secret: string, name: string, optional: boolean): object => {
    const secretKeyRef = { name: `${description.name}-${secret}`, key: name, optional };
    return { name, valueFrom: { secretKeyRef } };
  };
  if (topology.processes.length === 1) {
    return needsRedis(place) ? [reads('secrets', 'REDIS_URL', false)] : [];
  }
  return BROKER_ACCOUNTS.map((name) =>
    reads(`broker-${process.name}`, name, name !== 'REDIS_URL' || !needsRedis(place)),
  );
}

/** Each process knows what its components need of the secret; its migration knows the databases alone. */
function secretPatches(place: ProcessPlace): GeneratedFile[] {
  const { description, process } = place;
  const contexts = contextsOf(process);
  const databases = contexts.length === 0 ? [] : ['DATABASE_URL', ...contexts.map(databaseUrlName)];
  const addresses = databases.map((name) => secretVariable(description.name, { name, required: false }));
  const own = [
    ...process.hosts.flatMap((host) => description.components[host] ?? []),
    ...description.environment,
  ].filter(({ required, secret }) => required || secret);
  const env = [
    privateKey(place),
    ...brokerAccounts(place),
    ...addresses,
    ...own.filter(isFirst).map((variable) => secretVariable(description.name, variable)),
  ];
  const secrets = patch(
    place,
    'secrets.yaml',
    ' What of the secret this process may know. Each database has an address of its own, or all are on one server.',
    [{ kind: 'Deployment', container: 'process', env }],
  );
  const args = ['node', `dist/apps/${appOf(process)}/src/main.js`, 'migrate'];
  const migration = patch(place, 'migrate.yaml', ' What migrates knows the databases, and no other secret.', [
    { kind: 'Job', container: 'migrate', args, env: addresses },
  ]);
  return [...(env.length > 0 ? [secrets] : []), ...(contexts.length > 0 ? [migration] : [])];
}

function settingOf({ description, kubernetes }: ProcessPlace, name: 'THROTTLE_STORAGE'): string | undefined {
  return kubernetes.settings[name] ?? (sharesLimits(description) ? 'redis' : undefined);
}

function isFirst({ name }: Variable, index: number, all: readonly Variable[]): boolean {
  return all.findIndex((variable) => variable.name === name) === index;
}

/** The image of several components is told which of them this process hosts, and migrates. */
function hostPatches(place: ProcessPlace): GeneratedFile[] {
  const hosts = hostsSettingOf(place.topology, place.process);
  if (hosts === undefined) return [];
  const env = [{ name: 'HOSTS', value: hosts }];
  return [
    patch(place, 'hosts.yaml', ' What of the product this process hosts.', [
      { kind: 'Deployment', container: 'process', env },
      { kind: 'Job', container: 'migrate', env },
    ]),
  ];
}

/** Clients need one address; processes that call others choose among those of all that are ready. */
function servicePatches({ folder, description: { name }, topology, process }: ProcessPlace): GeneratedFile[] {
  if (!process.hosts.includes(GATEWAY) || isCalledByBoth(topology, process)) return [];
  const isOnly = topology.processes.length === 1;
  const about = isOnly
    ? '# Nobody calls this process but its clients, who need one address for all of its replicas.'
    : '# Clients need one address for all processes of the gateway.';
  const withoutCalls = `
  ports:
    - port: ${RPC_PORT}
      $patch: delete`;
  const document = yamlDocument(`
${about}
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  clusterIP: null${isOnly ? withoutCalls : ''}
`);
  return [yamlFile(`${folder}/${isOnly ? 'no-calls' : 'one-address'}.yaml`, document)];
}

/** A process that hosts the gateway and contexts beside other processes: clients reach it, and so do calls. */
function isCalledByBoth({ processes }: DescribedTopology, process: DescribedProcess): boolean {
  return processes.length > 1 && process.hosts.includes(GATEWAY) && contextsOf(process).length > 0;
}

/** The Service that clients are led to. */
export function clientServiceOf(name: string, topology: DescribedTopology, edge: DescribedProcess): string {
  return isCalledByBoth(topology, edge) ? `${name}-clients-${edge.name}` : `${name}-${edge.name}`;
}

function clientService({ folder, description: { name } }: ProcessPlace): GeneratedFile {
  const document = yamlDocument(`
# One address for clients, beside that for calls, whose name has the address of every process that is ready.
apiVersion: v1
kind: Service
metadata:
  name: ${name}-clients
spec:
  type: ClusterIP
  selector: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
  ports:
    - { name: http, port: ${HTTP_PORT}, targetPort: http }
`);
  return yamlFile(`${folder}/clients.yaml`, document);
}
