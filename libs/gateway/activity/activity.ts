import { Injectable } from '@nestjs/common';
import {
  ANY_PROCESS,
  type Component,
  type ContextName,
  describeError,
  GATEWAY,
  Operations,
  Processes,
  type Product,
} from '@fissile/kit/contract';
import { Discovery, type Instance, originOf, Placement, type PlannedProcess } from '@fissile/kit/rpc';
import { exposeActivity, HttpMetrics, type RecentDuration } from '@fissile/kit/observability';
import { isForOperators } from '@fissile/kit/operations';
import { readSamples, type Sample, sumOf } from './prometheus-text.js';

const ASK_TIMEOUT_MS = 2_000;
export const MEDIAN_OF_SECONDS = 20;

const READ = new Set([
  'http_requests_total',
  'contract_call_duration_seconds_count',
  'contract_call_duration_seconds_sum',
  'contract_call_bytes_count',
  'contract_call_bytes_sum',
  'event_deliveries_total',
  'database_pool_connections',
  'outbox_unpublished_events',
  'outbox_lag_seconds',
  'dead_letters',
  'saga_unfinished',
  'process_resident_memory_bytes',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
]);

export interface InstanceActivity {
  readonly id: string;
  /** False when the instance does not report; all other fields are then null. */
  readonly isKnown: boolean;
  readonly upSeconds: number | null;
  readonly residentBytes: number | null;
  readonly cpuSeconds: number | null;
  readonly requests: number | null;
  readonly failedRequests: number | null;
  readonly databaseConnections: number | null;
}

export interface ContextActivity {
  readonly name: ContextName;
  readonly requests: number | null;
  readonly failedRequests: number | null;
  readonly calls: number;
  readonly failedCalls: number;
  readonly callSeconds: number;
  readonly outboxEvents: number | null;
  readonly outboxLagSeconds: number | null;
  readonly deadLetters: number | null;
  readonly unfinishedSagas: number | null;
}

/** Calls between two contexts, or from the gateway to a context. */
export interface CallActivity {
  readonly from: Component;
  readonly to: ContextName;
  readonly calls: number;
  readonly failedCalls: number;
  readonly callSeconds: number;
  /** Length of request and answer together on average; null where no call of them was measured yet. */
  readonly bytesPerCall: number | null;
}

/** Events of one context that another was given, without a broker. */
export interface EventActivity {
  readonly from: ContextName;
  readonly to: ContextName;
  readonly deliveries: number;
}

type Labels = Readonly<Record<string, string>>;

/** What one instance reports about itself; undefined when it does not respond. */
export interface InstanceSamples {
  readonly process: string;
  readonly hosts: readonly Component[];
  readonly id: string;
  readonly samples: readonly Sample[] | undefined;
}

/** Activity of all processes, from the metrics of each instance: counters since its start, and queue lengths. */
@Injectable()
export class Activity {
  constructor(
    private readonly placement: Placement,
    private readonly discovery: Discovery,
    private readonly requests: HttpMetrics,
  ) {}

  /** The median of what this instance of the gateway has answered in the last seconds; null where that is nothing. */
  medianSeconds(context?: ContextName): number | null {
    const paths = context === undefined ? undefined : this.placement.product.pathsOf(context);
    const isWanted = ({ endpoint }: RecentDuration): boolean =>
      isTraffic({ endpoint }) && (paths === undefined || isBelow(paths, endpoint));
    const took = this.requests.recent.within(MEDIAN_OF_SECONDS).filter(isWanted);
    const ascending = took.map(({ seconds }) => seconds).sort((one, other) => one - other);
    return ascending[Math.floor(ascending.length / 2)] ?? null;
  }

  /** @param metrics the names of those that are read */
  async read(
    metrics: ReadonlySet<string> = READ,
  ): Promise<{ processes: readonly string[]; instances: readonly InstanceSamples[] }> {
    const instances = this.placement.processes.flatMap((process) => this.readAll(process, metrics));
    return {
      processes: this.placement.processes.map(({ name }) => name),
      instances: await Promise.all(instances),
    };
  }

  private readAll(
    { name: process, hosts }: PlannedProcess,
    metrics: ReadonlySet<string>,
  ): Promise<InstanceSamples>[] {
    const host = hosts[0] as Component;
    const others = this.discovery.othersOf(host);
    return this.discovery.instancesOf(host).map(async (instance) => ({
      process,
      hosts,
      id: instance.id,
      samples: await (others.includes(instance) ? read(instance, metrics) : readOwn(metrics)),
    }));
  }
}

async function readOwn(metrics: ReadonlySet<string>): Promise<Sample[]> {
  const { text } = await exposeActivity();
  return readSamples(text, metrics);
}

async function read(instance: Instance, metrics: ReadonlySet<string>): Promise<Sample[] | undefined> {
  try {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
    const response = await fetch(`${originOf(instance)}/metrics`, {
      signal,
      headers: { prefer: 'return=minimal' },
    });
    return response.ok ? readSamples(await response.text(), metrics) : undefined;
  } catch {
    return undefined;
  }
}

export function instanceActivity({ id, samples }: InstanceSamples): InstanceActivity {
  const read = (name: string): number | null => sumOf(samples ?? [], { name }) ?? null;
  const startedAt = read('process_start_time_seconds');
  return {
    id,
    isKnown: samples !== undefined,
    upSeconds: startedAt === null ? null : Math.max(0, Date.now() / 1000 - startedAt),
    residentBytes: read('process_resident_memory_bytes'),
    cpuSeconds: read('process_cpu_seconds_total'),
    requests: samples ? countRequests(samples, isTraffic) : null,
    failedRequests: samples ? countRequests(samples, isFailedTraffic) : null,
    databaseConnections: samples ? (sumOf(samples, { name: 'database_pool_connections' }) ?? 0) : null,
  };
}

function countRequests(samples: readonly Sample[], where: (labels: Labels) => boolean): number {
  return sumOf(samples, { name: 'http_requests_total', where }) ?? 0;
}

/** Whoever reads these figures should not see their own reading: what is for operators is no traffic of the product. */
export function isTraffic({ endpoint = '' }: Labels): boolean {
  return !isForOperators(endpoint);
}

export function isFailedTraffic(labels: Labels): boolean {
  return isTraffic(labels) && Number(labels['status']) >= 500;
}

export function contextActivities(
  product: Product,
  instances: readonly InstanceSamples[],
): ContextActivity[] {
  return product.contextNames.map((name) => contextActivity(product, name, instances));
}

/** Counted at the edge, which sees also those that nobody answers. */
function requestsTo(product: Product, context: ContextName, instances: readonly InstanceSamples[]) {
  const edge = knownOf(instances, GATEWAY);
  if (edge.length === 0) return { requests: null, failedRequests: null };
  const paths = product.pathsOf(context);
  const isTo = ({ endpoint = '' }: Labels): boolean => isBelow(paths, endpoint);
  const samples = samplesOf(edge);
  return {
    requests: countRequests(samples, (labels) => isTraffic(labels) && isTo(labels)),
    failedRequests: countRequests(samples, (labels) => isFailedTraffic(labels) && isTo(labels)),
  };
}

function isBelow(paths: readonly string[], endpoint: string): boolean {
  return paths.some((path) => endpoint === path || endpoint.startsWith(`${path}/`));
}

/** Those that host it and have reported. */
function knownOf(instances: readonly InstanceSamples[], host: Component): readonly InstanceSamples[] {
  return instances.filter(({ hosts, samples }) => samples !== undefined && hosts.includes(host));
}

/** Which component has called which so far; calls that a process makes for itself are excluded. */
export function callActivities(product: Product, instances: readonly InstanceSamples[]): CallActivity[] {
  const all = samplesOf(instances);
  const { components, contextNames } = product;
  return components
    .flatMap((from) => contextNames.map((to) => callActivity(from, to, all)))
    .filter(({ calls }) => calls > 0);
}

/** Which context was given how many events of which other so far. */
export function eventActivities(product: Product, instances: readonly InstanceSamples[]): EventActivity[] {
  const all = samplesOf(instances);
  const deliveries = (from: ContextName, to: ContextName): number =>
    sumOf(all, { name: 'event_deliveries_total', labels: { source: from, context: to } }) ?? 0;
  return product.contextNames
    .flatMap((from) => product.contextNames.map((to) => ({ from, to, deliveries: deliveries(from, to) })))
    .filter((route) => route.deliveries > 0);
}

function samplesOf(instances: readonly InstanceSamples[]): Sample[] {
  return instances.flatMap(({ samples = [] }) => samples);
}

function callActivity(from: Component, to: ContextName, all: readonly Sample[]): CallActivity {
  const labels = { caller: from, context: to };
  return { from, to, ...callsIn(all, labels), bytesPerCall: bytesPerCall(all, labels) };
}

function bytesPerCall(all: readonly Sample[], labels: Labels): number | null {
  const total = (part: string): number =>
    sumOf(all, { name: `contract_call_bytes_${part}`, labels, where: isWork }) ?? 0;
  return total('count') === 0 ? null : total('sum') / total('count');
}

function callsIn(samples: readonly Sample[], labels: Labels) {
  const metric = 'contract_call_duration_seconds';
  const failed = (call: Labels): boolean => isWork(call) && isFailure(call);
  return {
    calls: sumOf(samples, { name: `${metric}_count`, labels, where: isWork }) ?? 0,
    failedCalls: sumOf(samples, { name: `${metric}_count`, labels, where: failed }) ?? 0,
    callSeconds: sumOf(samples, { name: `${metric}_sum`, labels, where: isWork }) ?? 0,
  };
}

const ASKED_FOR_OPERATORS = new Set(
  [Operations, Processes].flatMap(({ definition }) => Object.keys(definition.methods)),
);

/** What a process asks for itself, or the gateway for operators, is not the product's own work. */
function isWork({ caller, method = '' }: Labels): boolean {
  return caller !== ANY_PROCESS && (caller !== GATEWAY || !ASKED_FOR_OPERATORS.has(method));
}

/** The caller counts calls; each instance that hosts the context reports what is in the database. */
function contextActivity(
  product: Product,
  name: ContextName,
  instances: readonly InstanceSamples[],
): ContextActivity {
  const labels = { context: name };
  const most = (metric: string): number | null => {
    const values = instances.flatMap(({ samples = [] }) => sumOf(samples, { name: metric, labels }) ?? []);
    return values.length === 0 ? null : Math.max(...values);
  };
  return {
    name,
    ...requestsTo(product, name, instances),
    ...callsIn(samplesOf(instances), labels),
    outboxEvents: most('outbox_unpublished_events'),
    outboxLagSeconds: most('outbox_lag_seconds'),
    deadLetters: most('dead_letters'),
    unfinishedSagas: most('saga_unfinished') ?? (knownOf(instances, name).length > 0 ? 0 : null),
  };
}

/** A refusal, such as not found, counts as an answer. */
function isFailure({ code = 'ok' }: Labels): boolean {
  if (code === 'ok') return false;
  return (describeError(code)?.status ?? 500) >= 500;
}
