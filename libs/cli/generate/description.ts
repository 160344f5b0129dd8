import { GATEWAY, MONOLITH } from '@fissile/kit/contract';
import type { BrokerUse } from '@fissile/kit/messaging';

/** A variable that a component reads from its environment. */
export interface Variable {
  readonly name: string;
  /** A process does not start without it, so there is no default. */
  readonly required: boolean;
  /** On Kubernetes it comes from the Secret; a required one always does. */
  readonly secret: boolean;
  /** What Compose gives to the processes when .env does not name it. */
  readonly default?: string | undefined;
  /** What the example of .env has for it. */
  readonly example?: string | undefined;
  /** A sentence for the example of .env. */
  readonly description?: string | undefined;
}

export interface DescribedProcess {
  readonly name: string;
  /** Contexts, the gateway, or both. */
  readonly hosts: readonly string[];
}

export interface DescribedTopology {
  readonly name: string;
  readonly processes: readonly DescribedProcess[];
}

/** What Compose can offer beside the processes and PostgreSQL. */
export const OPTIONAL_SERVICES = [
  'redis',
  'rabbitmq',
  'kafka',
  'nats',
  'consul',
  'prometheus',
  'alertmanager',
  'postgres-exporter',
  'otel-collector',
  'jaeger',
  'mailpit',
  'grafana',
] as const;

export type OptionalService = (typeof OPTIONAL_SERVICES)[number];

export interface ComposeDescription {
  /** One profile for each. */
  readonly topologies: readonly string[];
  readonly services: readonly OptionalService[];
  /** The variable of .env that says at which port of this machine the public API is. */
  readonly portVariable: string;
  /** Addresses, such as `alertmanager:9093`. */
  readonly alertmanagers: readonly string[];
}

export interface IngressPath {
  readonly path: string;
  readonly exact: boolean;
}

/** Contexts that move between the monolith and processes of their own while all is served. */
export interface LiveDescription {
  readonly contexts: readonly string[];
  /** The address of Consul, which has the placement. */
  readonly consul: string;
}

export interface KubernetesDescription {
  /** One overlay for each. */
  readonly topologies: readonly string[];
  readonly host: string;
  readonly ingressClass: string;
  /** Where images are: `<registry>/<product>-<app>:<tag>`; without a registry, by their names alone. */
  readonly registry?: string | undefined;
  readonly tag: string;
  /** The label `release` by which the Prometheus operator selects monitors and rules. */
  readonly prometheusRelease: string;
  /** What clients reach. */
  readonly paths: readonly IngressPath[];
  /** max_connections of PostgreSQL; undefined when nobody said. */
  readonly maxConnections?: number | undefined;
  /** Makes an overlay of its own; undefined when nothing is to move. */
  readonly live?: LiveDescription | undefined;
  /** Entries of every overlay's ConfigMap, over those that are generated. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A file of deploy/ that Kubernetes gets as an object. */
export interface ObservedFile {
  /** Without its extension. */
  readonly name: string;
  readonly content: string;
}

export interface ObservabilityDescription {
  /** deploy/prometheus/rules */
  readonly rules: readonly ObservedFile[];
  /** deploy/grafana/dashboards */
  readonly dashboards: readonly ObservedFile[];
}

/** All that files of the deployment are generated from. Contexts are names, so that it needs no compiled product but for what accounts of brokers may. */
export interface DeploymentDescription {
  /** The package's name without scope: how images, Kubernetes resources and the Compose project are called. */
  readonly name: string;
  readonly contexts: readonly string[];
  /** `monolith` first, then those of config/topology.yaml. */
  readonly topologies: readonly DescribedTopology[];
  /** What every process is given. */
  readonly environment: readonly Variable[];
  /** What a component is given, wherever it is hosted. */
  readonly components: Readonly<Record<string, readonly Variable[]>>;
  /** What goes through brokers, by the compiled product; undefined where it is not asked: then the files that follow from it are `kept`. */
  readonly brokerUse: BrokerUse | undefined;
  /** Files of brokers that are there, by their paths. */
  readonly kept: Readonly<Record<string, string>>;
  /** undefined when the product does not want it. */
  readonly compose: ComposeDescription | undefined;
  readonly kubernetes: KubernetesDescription | undefined;
  /** What deploy/ has to observe with. */
  readonly observability: ObservabilityDescription;
  /** Folders of the product with packages that package.json names by `file:`, which an installation needs. */
  readonly packageFolders: readonly string[];
  /** The Dockerfile that is there, the part above whose targets is the user's; undefined when there is none. */
  readonly dockerfile: string | undefined;
  /** What the product was made from: a new Dockerfile is added to it. Absent where that is not known. */
  readonly templateRecord?: string | undefined;
  /** The .dockerignore that is there; undefined when there is none. */
  readonly dockerignore: string | undefined;
  /** nest-cli.json as it is, whose keys other than `projects` are the user's. */
  readonly nestCli: Readonly<Record<string, unknown>>;
}

/** A file of the product, its path relative to the product's folder, with `/`. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
  /** May be executed. */
  readonly executable?: boolean;
}

export const HTTP_PORT = 3000;
export const RPC_PORT = 4000;

/** The topology with one process for each component, whose processes have no prefix in Compose. */
export const SPLIT = 'split';

export function componentsOf({ contexts }: Pick<DeploymentDescription, 'contexts'>): string[] {
  return [GATEWAY, ...contexts];
}

/** The app whose image a process runs: its own, or the monolith's when it hosts several components. */
export function appOf({ hosts }: DescribedProcess): string {
  const [only, ...others] = hosts;
  return only !== undefined && others.length === 0 ? only : MONOLITH;
}

/** The setting HOSTS of a process, which only one of several components needs; undefined in the monolith. */
export function hostsSettingOf(topology: DescribedTopology, process: DescribedProcess): string | undefined {
  return topology.name !== MONOLITH && process.hosts.length > 1 ? process.hosts.join(',') : undefined;
}

/** Contexts that a process hosts: each has a database. */
export function contextsOf({ hosts }: DescribedProcess): string[] {
  return hosts.filter((host) => host !== GATEWAY);
}

export function databaseUrlName(context: string): string {
  return `${context.toUpperCase()}_DATABASE_URL`;
}

export function databasePasswordName(context: string): string {
  return `${context.toUpperCase()}_DATABASE_PASSWORD`;
}

/** The topologies with these names, in that order. */
export function topologiesNamed(
  { topologies }: DeploymentDescription,
  names: readonly string[],
): DescribedTopology[] {
  return names.flatMap((name) => topologies.filter((topology) => topology.name === name));
}
