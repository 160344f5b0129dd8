import { type Component, GATEWAY } from '@fissile/kit/contract';
import { cpuOf, type Flow, type Measured } from './measured.js';
import { areTogether, type Candidate, type Partition } from './placements.js';
import { costAt, type UnitCosts } from './unit-costs.js';

/** What a placement would do with the load that was measured. */
export interface Prediction {
  readonly label: string;
  readonly partition: Partition;
  readonly processes: number;
  /** Microseconds of all processes together for a request. */
  readonly cpuMicros: number;
  readonly medianMs: number | null;
  readonly residentBytes: number;
  /** To databases, and between processes. */
  readonly connections: { readonly database: number; readonly processes: number };
  /** Who would have to do without whom while a process is down. */
  readonly failures: readonly string[];
  readonly gains: readonly string[];
}

/** What goes from one component to another, and what it costs where they are apart. */
interface Edge extends Flow {
  readonly kind: 'call' | 'request' | 'event';
  /** Whether a client waits for it. */
  readonly isWaitedFor: boolean;
}

const BYTES_PER_KILOBYTE = 1_000;

export function predict(candidate: Candidate, measured: Measured, costs: UnitCosts): Prediction {
  const now = measured.processes.map(({ hosts }) => hosts);
  const { label, partition } = candidate;
  const edges = edgesOf(measured);
  const changed = edges.map((edge) => ({
    edge,
    // 1 for what leaves the process then, -1 for what does no more.
    change:
      Number(!areTogether(partition, edge.from, edge.to)) - Number(!areTogether(now, edge.from, edge.to)),
  }));
  const cpu = changed.reduce((sum, { edge, change }) => sum + change * cpuOfEdge(edge, costs), 0);
  const waited = changed
    .filter(({ edge }) => edge.isWaitedFor)
    .reduce((sum, { edge, change }) => sum + change * edge.perSecond * unitOf(edge, costs).latencyMs, 0);
  const more = partition.length - now.length;
  const requests = measured.requestsPerSecond;
  return {
    label,
    partition,
    processes: partition.length,
    cpuMicros: ((cpuOf(measured) + more * costs.process.idleCpu) * 1_000_000 + cpu) / requests,
    medianMs: measured.medianMs === null ? null : measured.medianMs + waited / requests,
    residentBytes: memoryOf(measured) + more * costs.process.residentBytes,
    connections: {
      database: measured.processes.reduce((sum, process) => sum + process.databaseConnections, 0),
      processes: connectionsBetween(partition, edges),
    },
    failures: failuresOf(now, partition, edges),
    gains: gainsOf(now, partition),
  };
}

/** Microseconds of CPU a second. */
function cpuOfEdge(edge: Edge, costs: UnitCosts): number {
  const kilobytes = (edge.bytes ?? 0) / BYTES_PER_KILOBYTE;
  return edge.perSecond * (unitOf(edge, costs).cpuMicros + kilobytes * costs.cpuMicrosPerKilobyte);
}

function unitOf({ kind, perSecond }: Edge, { calls, proxied }: UnitCosts) {
  return costAt(kind === 'request' ? proxied : calls, perSecond);
}

/** Everything that would have to leave a process where its two ends are apart. */
function edgesOf({ calls, events, contexts }: Measured): Edge[] {
  const requests = contexts
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .map(({ name, requestsPerSecond }) => ({
      from: GATEWAY,
      to: name,
      perSecond: requestsPerSecond,
      bytes: null,
      kind: 'request' as const,
      isWaitedFor: true,
    }));
  const waitedFor = reachedByRequests(calls, requests);
  return [
    ...requests,
    ...calls.map((call) => ({ ...call, kind: 'call' as const, isWaitedFor: waitedFor.has(call.from) })),
    ...events
      .filter(({ from, to }) => from !== to)
      .map((event) => ({ ...event, kind: 'event' as const, isWaitedFor: false })),
  ];
}

/** The components that work for a client that waits: what only handles events keeps nobody waiting. */
function reachedByRequests(calls: readonly Flow[], requests: readonly Flow[]): ReadonlySet<Component> {
  const reached = new Set<Component>([GATEWAY, ...requests.map(({ to }) => to)]);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const { from, to } of calls) if (reached.has(from)) reached.add(to);
  }
  return reached;
}

function memoryOf({ processes }: Measured): number {
  return processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
}

/** One for each process that calls, or passes on requests to, another. */
function connectionsBetween(partition: Partition, edges: readonly Edge[]): number {
  const indexOf = (component: Component): number => partition.findIndex((hosts) => hosts.includes(component));
  const pairs = edges
    .filter(({ from, to }) => indexOf(from) !== indexOf(to))
    .map(({ from, to, kind }) => `${indexOf(from)} ${indexOf(to)} ${kind === 'request' ? 'http' : 'calls'}`);
  return new Set(pairs).size;
}

/** Who would have to do without whom while a process is down, and has not to now. */
function failuresOf(now: Partition, then: Partition, edges: readonly Edge[]): string[] {
  const apart = edges.filter(
    ({ from, to, kind }) => kind !== 'event' && areTogether(now, from, to) && !areTogether(then, from, to),
  );
  const callers = Map.groupBy(apart, ({ to }) => to);
  return [...callers].map(
    ([to, all]) => `${[...new Set(all.map(({ from }) => from))].join(', ')} can be without ${to}`,
  );
}

/** What would stand alone that does not now. */
function gainsOf(now: Partition, then: Partition): string[] {
  const isNew = (hosts: readonly Component[]): boolean =>
    !now.some((former) => former.length === hosts.length && hosts.every((host) => former.includes(host)));
  const own = then.filter((hosts) => isNew(hosts) && hosts.length < now.flat().length);
  const smaller = own.filter((hosts) => now.some((former) => hosts.every((host) => former.includes(host))));
  return smaller
    .filter((hosts) => !hosts.includes(GATEWAY))
    .map((hosts) => `${hosts.join('+')} crashes, scales and is deployed by itself`);
}
