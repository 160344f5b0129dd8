import type { Container, Resource } from './kubernetes.js';

/** The longest pause before Kubernetes starts again a container that ended. */
const LONGEST_BACKOFF_SECONDS = 300;

/** Connections beside a pool: one that listens, and one of a health check. */
const BESIDE_POOL = 2;

/** Processes above maxReplicas while a version replaces another: one that starts, and one that stops. */
const IN_ROLLOUT = 2;

/** Where manifests leave a rollout, a drained node or clients to chance. */
export function rolloutFaults(resources: readonly Resource[]): string[] {
  const jobs = resources.filter(({ kind }) => kind === 'Job');
  const slowest = Math.max(0, ...jobs.map(({ spec }) => spec.activeDeadlineSeconds ?? Infinity));
  return resources.flatMap(({ kind, metadata, spec }) => {
    const faults: Record<string, boolean> = {
      'takes a process that just started for one that works':
        kind === 'Deployment' && (spec.minReadySeconds ?? 0) < 5,
      'gives up before the databases are migrated':
        kind === 'Deployment' && (spec.progressDeadlineSeconds ?? 600) <= slowest + LONGEST_BACKOFF_SECONDS,
      'keeps a node for processes that do not work':
        kind === 'PodDisruptionBudget' && spec.unhealthyPodEvictionPolicy !== 'AlwaysAllow',
      'belongs to whichever controller is the default': kind === 'Ingress' && !spec.ingressClassName,
      'cannot be applied twice': kind === 'Job' && !isReplacedByOperators(metadata.annotations),
    };
    return Object.keys(faults)
      .filter((fault) => faults[fault])
      .map((fault) => `${kind} ${metadata.name} ${fault}`);
  });
}

/** Argo CD and Flux delete the Job of the last release; Argo CD waits for the new one. */
function isReplacedByOperators(annotations: Readonly<Record<string, string>> = {}): boolean {
  return (
    annotations['argocd.argoproj.io/hook'] === 'Sync' &&
    annotations['argocd.argoproj.io/hook-delete-policy'] === 'BeforeHookCreation' &&
    Number(annotations['argocd.argoproj.io/sync-wave']) < 0 &&
    annotations['kustomize.toolkit.fluxcd.io/force'] === 'enabled'
  );
}

/** A setting as `config --schema` describes it. */
export interface DescribedSetting {
  readonly name: string;
  readonly group: string;
  readonly secret: boolean;
}

/** The contexts that send mails. */
const MAILERS = ['users', 'notifications'];

/**
 * Processes that cannot be given a secret setting which they read. A setting belongs to the app that its group or its
 * database is called after, one of mails to those that send them, and else to all.
 */
export function missingSecrets(
  resources: readonly Resource[],
  settings: readonly DescribedSetting[],
  contexts: readonly string[],
): string[] {
  return containersOf(resources, 'Deployment').flatMap(({ owner, container }) => {
    const app = container.image.split(':')[0]?.replace('fissile-', '') ?? '';
    const given = (container.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []);
    return settings
      .filter(({ secret }) => secret)
      .filter(({ name, group }) => {
        if (group === 'Mail') return app === 'monolith' || MAILERS.includes(app);
        const database = /^(\w+_)?DATABASE_URL$/.test(name);
        const prefix = name.replace(/_?DATABASE_URL$/, '').toLowerCase();
        const context = contexts.find((each) => each === (database ? prefix : group.toLowerCase()));
        if (context !== undefined) return app === 'monolith' || app === context;
        return !database || app !== 'gateway';
      })
      .filter(({ name }) => !given.includes(name))
      .map(({ name }) => `${owner} cannot be given ${name}`);
  });
}

/** Secret settings that stand in a manifest instead of being read from the Secret. */
export function writtenSecrets(
  resources: readonly Resource[],
  settings: readonly DescribedSetting[],
): string[] {
  const secrets = settings.filter(({ secret }) => secret).map(({ name }) => name);
  const inMaps = resources.flatMap(({ kind, metadata, data }) =>
    kind === 'ConfigMap' ? Object.keys(data ?? {}).map((name) => ({ owner: metadata.name, name })) : [],
  );
  const inContainers = ['Deployment', 'Job'].flatMap((kind) =>
    containersOf(resources, kind).flatMap(({ owner, container }) =>
      (container.env ?? [])
        .filter(({ valueFrom }) => !valueFrom?.secretKeyRef)
        .map(({ name }) => ({ owner, name })),
    ),
  );
  return [...inMaps, ...inContainers]
    .filter(({ name }) => secrets.includes(name))
    .map(({ owner, name }) => `${owner}: ${name}`);
}

/** Containers without the certificates of authorities that the user may have. */
export function withoutCertificates(resources: readonly Resource[]): string[] {
  return ['Deployment', 'Job'].flatMap((kind) =>
    containersOf(resources, kind)
      .filter(({ container, resource }) => {
        const volume = resource.spec.template.spec.volumes?.find(
          ({ configMap }) => configMap?.name === 'fissile-ca',
        );
        return !container.volumeMounts?.some(
          ({ name, mountPath }) => name === volume?.name && mountPath === '/etc/fissile/ca',
        );
      })
      .map(({ owner }) => owner),
  );
}

/** Connections that the processes and jobs hold at most, while a version is replaced. */
export function connectionsAtMost(resources: readonly Resource[]): number {
  const settings = resources.find(({ kind }) => kind === 'ConfigMap')?.data;
  const perContext = Number(settings?.['DATABASE_POOL_SIZE'] ?? 10) + BESIDE_POOL;
  const databasesOf = ({ env = [] }: Container): number =>
    env.filter(({ name }) => name.endsWith('_DATABASE_URL')).length;
  const processes = containersOf(resources, 'Deployment').map(({ owner, container }) => {
    const scaler = resources.find(
      ({ kind, spec }) => kind === 'HorizontalPodAutoscaler' && spec.scaleTargetRef?.name === owner,
    );
    return ((scaler?.spec.maxReplicas ?? Infinity) + IN_ROLLOUT) * databasesOf(container) * perContext;
  });
  const jobs = containersOf(resources, 'Job').map(({ container }) => databasesOf(container) * BESIDE_POOL);
  return [...processes, ...jobs].reduce((sum, count) => sum + count, 0);
}

function containersOf(resources: readonly Resource[], kind: string) {
  return resources
    .filter((resource) => resource.kind === kind)
    .flatMap((resource) =>
      resource.spec.template.spec.containers.map((container) => ({
        owner: resource.metadata.name,
        container,
        resource,
      })),
    );
}
