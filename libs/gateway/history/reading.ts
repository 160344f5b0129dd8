import { GATEWAY } from '@fissile/kit/contract';
import type { PlannedProcess } from '@fissile/kit/rpc';
import { type InstanceSamples, isFailedTraffic, isTraffic } from '../activity/activity.js';
import { type Sample, sumOf } from '../activity/prometheus-text.js';
import type { EdgeCounters } from './traffic.js';

const BUCKETS = 'http_request_duration_seconds_bucket';

/** The metrics that a reading is made of. */
export const READ_FOR_HISTORY: ReadonlySet<string> = new Set([
  'http_requests_total',
  BUCKETS,
  'outbox_unpublished_events',
  'outbox_lag_seconds',
  'inbox_waiting_events',
  'process_start_time_seconds',
]);

/** What the instances say at one time. */
export interface Reading {
  readonly at: number;
  /** By instance. */
  readonly edges: ReadonlyMap<string, EdgeCounters>;
  /** NaN where nobody tells. */
  readonly outboxLagSeconds: number;
  readonly outboxEvents: number;
  readonly inboxEvents: number;
  /** By process, when those of its instances that answer have started. */
  readonly starts: ReadonlyMap<string, readonly number[]>;
  /** By context, the process that hosts it. */
  readonly hosts: ReadonlyMap<string, string>;
}

export function readingOf(
  at: number,
  processes: readonly PlannedProcess[],
  instances: readonly InstanceSamples[],
): Reading {
  const edges = instances.filter(({ hosts, samples }) => samples && hosts.includes(GATEWAY));
  return {
    at,
    edges: new Map(edges.map(({ process, id, samples = [] }) => [`${process} ${id}`, edgeCounters(samples)])),
    ...queuesOf(instances),
    starts: new Map(processes.map(({ name }) => [name, startsOf(name, instances)])),
    hosts: new Map(
      processes.flatMap(({ name, hosts }) =>
        hosts.filter((host) => host !== GATEWAY).map((host) => [host, name] as const),
      ),
    ),
  };
}

function edgeCounters(samples: readonly Sample[]): EdgeCounters {
  const count = (where: typeof isTraffic): number =>
    sumOf(samples, { name: 'http_requests_total', where }) ?? 0;
  const within = new Map<number, number>();
  for (const { name, labels, value } of samples) {
    if (name !== BUCKETS || !isTraffic(labels)) continue;
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    within.set(bound, (within.get(bound) ?? 0) + value);
  }
  return {
    startedAt: startOf(samples),
    requests: count(isTraffic),
    failed: count(isFailedTraffic),
    within,
  };
}

const startOf = (samples: readonly Sample[]): number =>
  (sumOf(samples, { name: 'process_start_time_seconds' }) ?? 0) * 1_000;

function startsOf(process: string, instances: readonly InstanceSamples[]): number[] {
  return instances.flatMap((instance) =>
    instance.process === process && instance.samples ? [startOf(instance.samples)] : [],
  );
}

function queuesOf(instances: readonly InstanceSamples[]) {
  const lags = [...byContext(instances, 'outbox_lag_seconds').values()];
  const total = (metric: string): number => {
    const values = [...byContext(instances, metric).values()];
    return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
  };
  return {
    outboxLagSeconds: lags.length === 0 ? Number.NaN : Math.max(...lags),
    outboxEvents: total('outbox_unpublished_events'),
    inboxEvents: total('inbox_waiting_events'),
  };
}

/** Each instance that hosts a context tells what is in its one database: the largest is the latest of them. */
function byContext(instances: readonly InstanceSamples[], metric: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { name, labels, value } of instances.flatMap(({ samples = [] }) => samples)) {
    const { context = '' } = labels;
    if (name === metric) found.set(context, Math.max(found.get(context) ?? 0, value));
  }
  return found;
}
