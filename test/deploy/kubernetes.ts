import { validate as checkConfigMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap';
import { validate as checkDeployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment';
import { validate as checkAutoscaler } from 'kubernetes-models/_schemas/IoK8sApiAutoscalingV2HorizontalPodAutoscaler';
import { validate as checkCronJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1CronJob';
import { validate as checkJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1Job';
import { validate as checkIngress } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1Ingress';
import { validate as checkNetworkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';
import { validate as checkDisruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget';
import { validate as checkServiceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount';
import { validate as checkRole } from 'kubernetes-models/_schemas/IoK8sApiRbacV1Role';
import { validate as checkRoleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1RoleBinding';
import { validate as checkService } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service';
import { parseAllDocuments } from 'yaml';

interface Check {
  (data: unknown): boolean;
  errors?: { instancePath: string; message?: string; params: object }[] | null;
}

/** The package of the Prometheus operator's schemas does not export them. */
const operator = import.meta.resolve('@kubernetes-models/prometheus-operator');
const ofOperator = async (kind: string): Promise<unknown> => {
  const file = `_schemas/ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1${kind}.js`;
  return ((await import(new URL(file, operator).href)) as { validate: unknown }).validate;
};

const SCHEMAS: Readonly<Record<string, unknown>> = {
  'apps/v1 Deployment': checkDeployment,
  'autoscaling/v2 HorizontalPodAutoscaler': checkAutoscaler,
  'batch/v1 CronJob': checkCronJob,
  'batch/v1 Job': checkJob,
  'monitoring.coreos.com/v1 PrometheusRule': await ofOperator('PrometheusRule'),
  'monitoring.coreos.com/v1 ServiceMonitor': await ofOperator('ServiceMonitor'),
  'networking.k8s.io/v1 Ingress': checkIngress,
  'networking.k8s.io/v1 NetworkPolicy': checkNetworkPolicy,
  'policy/v1 PodDisruptionBudget': checkDisruptionBudget,
  'rbac.authorization.k8s.io/v1 Role': checkRole,
  'rbac.authorization.k8s.io/v1 RoleBinding': checkRoleBinding,
  'v1 ConfigMap': checkConfigMap,
  'v1 Service': checkService,
  'v1 ServiceAccount': checkServiceAccount,
};

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: {
      readonly secretKeyRef?: { readonly key: string; readonly optional?: boolean };
    };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
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
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

interface IngressRule {
  readonly http: {
    readonly paths: readonly {
      readonly path: string;
      readonly backend: {
        readonly service: { readonly name: string; readonly port: { readonly name: string } };
      };
    }[];
  };
}

/** A rendered document; `spec` is typed as far as its kind has it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly replicas?: number;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly activeDeadlineSeconds?: number;
    readonly unhealthyPodEvictionPolicy?: string;
    readonly ingressClassName?: string;
    readonly scaleTargetRef?: { readonly name: string };
    readonly selector?: Readonly<Record<string, unknown>> & {
      readonly matchLabels?: Readonly<Record<string, string>>;
    };
    readonly rules?: readonly IngressRule[];
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

/** Violations of the Kubernetes schemas, and unknown fields. */
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

/** The checks ignore unknown fields, such as misspelt ones. This finds them as fields that are never read. */
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

/** Apps without a Deployment of their image, or without a Service for its pods. */
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

/** Services whose names resolve to the addresses of all ready pods, instead of a single one. */
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
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .flatMap(({ kind, metadata: { name }, spec: { template, replicas } }) => {
      const pod = template.spec;
      const containers = [...pod.containers, ...(pod.initContainers ?? [])];
      const faults = containers.flatMap((container) => [
        ...faultsOf(container, pod, configMaps),
        ...(kind === 'Deployment' ? probeFaults(container) : []),
      ]);
      if (kind === 'Deployment' && replicas !== undefined) faults.push('sets what its autoscaler decides');
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
  const { resources, envFrom = [] } = container;
  const requests = resources?.requests;
  const lost = envFrom.filter(({ configMapRef }) => !configMaps.includes(configMapRef?.name ?? ''));
  return [
    ...(isHarmless ? [] : ['may run as root']),
    ...(security['readOnlyRootFilesystem'] === true ? [] : ['may write to its image']),
    ...(requests?.cpu && requests.memory ? [] : ['requests no cpu or memory']),
    ...(lost.length === 0 ? [] : ['reads settings that are not there']),
  ];
}

function probeFaults({ startupProbe, livenessProbe, readinessProbe }: Container): string[] {
  return [
    ...(startupProbe && livenessProbe && readinessProbe ? [] : ['lacks a probe']),
    ...[
      { probe: startupProbe, path: '/health/startup' },
      { probe: livenessProbe, path: '/health/live' },
      { probe: readinessProbe, path: '/health/ready' },
    ].flatMap(({ probe, path }) => (probe && probe.httpGet?.path !== path ? [`does not probe ${path}`] : [])),
  ];
}

/** What is reachable from outside the cluster without its Ingress. */
export function openings(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind, spec }) => {
      if (kind === 'Service') return (spec.type ?? 'ClusterIP') !== 'ClusterIP' || spec.externalIPs;
      if (kind !== 'Deployment') return false;
      const { hostNetwork, containers } = spec.template.spec;
      return hostNetwork || containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort));
    })
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** The paths that its Ingresses expose to clients, each with its Service and port. */
export function waysIn(resources: readonly Resource[]): string[] {
  return resources
    .flatMap(({ spec }) => spec?.rules ?? [])
    .flatMap(({ http }) => http.paths)
    .map(({ path, backend: { service } }) => `${path} ${service.name}:${service.port.name}`);
}

/** Deployments without an autoscaler from three replicas on, or without a disruption budget. */
export function unguarded(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ metadata: { name }, spec: { template } }) => {
      const isScaled = resources.some(
        ({ kind, spec }) =>
          kind === 'HorizontalPodAutoscaler' &&
          spec.scaleTargetRef?.name === name &&
          (spec.minReplicas ?? 1) >= 3,
      );
      const isKept = resources.some(
        ({ kind, spec }) => kind === 'PodDisruptionBudget' && selects(spec.selector?.matchLabels, template),
      );
      return [...(isScaled ? [] : [`${name} is not scaled`]), ...(isKept ? [] : [`${name} is not kept`])];
    });
}

type Template = Resource['spec']['template'];

function selects(labels: Readonly<Record<string, string>> | undefined, { metadata }: Template): boolean {
  const wanted = Object.entries(labels ?? {});
  return wanted.length > 0 && wanted.every(([label, value]) => metadata.labels[label] === value);
}

/** Jobs whose pods match the selector of a Service, a Deployment or a budget. */
export function mistakableJobs(resources: readonly Resource[]): string[] {
  const selectors = resources.flatMap(({ kind, spec }) => {
    if (kind === 'Service') return [spec.selector as Record<string, string> | undefined];
    return kind === 'Deployment' || kind === 'PodDisruptionBudget' ? [spec.selector?.matchLabels] : [];
  });
  return resources
    .filter(({ kind, spec }) => kind === 'Job' && selectors.some((labels) => selects(labels, spec.template)))
    .map(({ metadata }) => metadata.name);
}

/** The app whose databases each Job migrates, by its command and by its image. */
export function migratedApps(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind }) => kind === 'Job')
    .map(({ spec }) => spec.template.spec.containers[0])
    .map((container) => {
      const [, app = ''] =
        /^node dist\/apps\/(\w+)\/src\/main\.js migrate$/.exec(container?.args?.join(' ') ?? '') ?? [];
      return container?.image.split(':')[0] === `fissile-${app}` ? app : `not ${container?.image}`;
    })
    .sort();
}

/** Processes and jobs without the database setting of a context that they host. */
export function withoutDatabase(resources: readonly Resource[], contexts: readonly string[]): string[] {
  return resources
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .flatMap(({ metadata, spec }) => {
      const [container] = spec.template.spec.containers;
      const app = container?.image.split(':')[0]?.replace('fissile-', '') ?? '';
      const names = (container?.env ?? []).map(({ name }) => name);
      return contexts
        .filter((context) => app === 'monolith' || app === context)
        .map((context) => `${context.toUpperCase()}_DATABASE_URL`)
        .filter((name) => !names.includes(name))
        .map((name) => `${metadata.name} lacks ${name}`);
    });
}

/** Variables that processes receive, from their containers or from shared settings. */
export function variablesOf(resources: readonly Resource[]): string[] {
  return resources.flatMap(({ kind, data, spec }) => {
    if (kind === 'ConfigMap') return Object.keys(data ?? {});
    const containers = kind === 'Deployment' || kind === 'Job' ? spec.template.spec.containers : [];
    return containers.flatMap(({ env = [] }) => env.map(({ name }) => name));
  });
}
