import { validate as checkConfigMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap';
import { validate as checkDeployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment';
import { validate as checkIngress } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1Ingress';
import { validate as checkNetworkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';
import { validate as checkService } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service';
import { parseAllDocuments } from 'yaml';

interface Check {
  (data: unknown): boolean;
  errors?: { instancePath: string; message?: string; params: object }[] | null;
}

const SCHEMAS: Readonly<Record<string, unknown>> = {
  'apps/v1 Deployment': checkDeployment,
  'networking.k8s.io/v1 Ingress': checkIngress,
  'networking.k8s.io/v1 NetworkPolicy': checkNetworkPolicy,
  'v1 ConfigMap': checkConfigMap,
  'v1 Service': checkService,
};

interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly resources?: { readonly requests?: { readonly cpu?: string; readonly memory?: string } };
}

interface Probe {
  readonly httpGet?: { readonly path?: string };
}

interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** A rendered document; `spec` is read as far as its kind has it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly replicas?: number;
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly externalIPs?: readonly string[];
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  };
}

export function readResources(text: string): Resource[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Resource);
}

/** What the schemas of Kubernetes refuse, and fields that they do not know. */
export function schemaFaults(resources: readonly Resource[]): string[] {
  return resources.flatMap((resource) => {
    const where = `${resource.kind} ${resource.metadata.name}`;
    const check = SCHEMAS[`${resource.apiVersion} ${resource.kind}`] as Check | undefined;
    if (!check) return [`${where}: there is no schema of ${resource.apiVersion} ${resource.kind} here`];
    const seen = new Set<string>();
    check(watched(resource, '', seen));
    const refused = (check.errors ?? []).map(({ instancePath, message, params }) =>
      `${where}: ${instancePath} ${message ?? JSON.stringify(params)}`.trim(),
    );
    const unknown = pathsOf(resource, '').filter((path) => !seen.has(path));
    return [...refused, ...unknown.map((path) => `${where}: ${path} is unknown`)];
  });
}

/** The checks pass over fields they do not know, as a misspelt one is. Those are found by never being read. */
function watched<T>(value: T, path: string, seen: Set<string>): T {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return found;
      seen.add(`${path}/${key}`);
      return watched(found, `${path}/${key}`, seen);
    },
  });
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${path}/${key}`,
    ...pathsOf(inner, `${path}/${key}`),
  ]);
}

/** Apps without a Deployment of their image, or without a Service that leads to its pods. */
export function missingApps(resources: readonly Resource[], apps: readonly string[]): string[] {
  return apps.filter((app) => {
    const deployment = named(resources, 'Deployment', app);
    const image = deployment?.spec.template.spec.containers[0]?.image;
    const labels = deployment?.spec.template.metadata.labels ?? {};
    const selector = Object.entries(named(resources, 'Service', app)?.spec.selector ?? {});
    const leadsThere = selector.length > 0 && selector.every(([label, value]) => labels[label] === value);
    return image?.split(':')[0] !== `fissile-${app}` || !leadsThere;
  });
}

function named(resources: readonly Resource[], kind: string, app: string): Resource | undefined {
  return resources.find((resource) => resource.kind === kind && resource.metadata.name === `fissile-${app}`);
}

/** Services whose names have the addresses of all pods that are ready, rather than one for all. */
export function headlessServices(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind, spec }) => kind === 'Service' && spec.clusterIP === 'None')
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** What a container lacks: probes, requests, settings that exist, or a user that is not root. */
export function containerFaults(resources: readonly Resource[]): string[] {
  const configMaps = resources
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(({ metadata }) => metadata.name);
  return resources
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ metadata: { name }, spec: { template, replicas } }) => {
      const pod = template.spec;
      const containers = [...pod.containers, ...(pod.initContainers ?? [])];
      const faults = containers.flatMap((container) => faultsOf(container, pod, configMaps));
      if ((replicas ?? 1) < 3) faults.push('has fewer than 3 replicas');
      return faults.map((fault) => `${name} ${fault}`);
    });
}

function faultsOf(container: Container, pod: PodSpec, configMaps: readonly string[]): string[] {
  const security = { ...pod.securityContext, ...container.securityContext };
  const isHarmless =
    security['runAsNonRoot'] === true &&
    security['runAsUser'] !== 0 &&
    security['allowPrivilegeEscalation'] === false &&
    security['privileged'] !== true;
  const { startupProbe, livenessProbe, readinessProbe, resources, envFrom = [] } = container;
  const requests = resources?.requests;
  const lost = envFrom.filter(({ configMapRef }) => !configMaps.includes(configMapRef?.name ?? ''));
  return [
    ...(isHarmless ? [] : ['may run as root']),
    ...(startupProbe && livenessProbe && readinessProbe ? [] : ['lacks a probe']),
    ...[
      { probe: startupProbe, path: '/health/startup' },
      { probe: livenessProbe, path: '/health/live' },
      { probe: readinessProbe, path: '/health/ready' },
    ].flatMap(({ probe, path }) => (probe && probe.httpGet?.path !== path ? [`does not probe ${path}`] : [])),
    ...(requests?.cpu && requests.memory ? [] : ['requests no cpu or memory']),
    ...(lost.length === 0 ? [] : ['reads settings that are not there']),
  ];
}

/** What can be reached from outside of the cluster, past the cluster's own way in. */
export function openings(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind, spec }) => {
      if (kind === 'Service') return (spec.type ?? 'ClusterIP') !== 'ClusterIP' || spec.externalIPs;
      if (kind !== 'Deployment') return kind === 'Ingress';
      const { hostNetwork, containers } = spec.template.spec;
      return hostNetwork || containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort));
    })
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}
