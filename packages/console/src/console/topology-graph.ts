import { duration, rate } from '../shared/format.ts';
import type { Breaker, Topology } from '../shared/operator-api.ts';
import { type Activity, linkKey, type Rates } from './use-activity.ts';

export type BreakerState = Breaker['state'];

export const EDGE = 'gateway';

/** What goes from one context to another, as it is now. */
export interface Link {
  readonly kind: 'requests' | 'calls' | 'events';
  readonly from: string;
  readonly to: string;
  /** Undefined until there are two readings, while who counts it is down, and of events. */
  readonly perSecond: number | undefined;
  readonly failedPerSecond: number | undefined;
  readonly meanSeconds: number | undefined;
  /** Undefined where nothing can be cut off: inside one process. */
  readonly breaker: BreakerState | undefined;
  /** Of events: those in the outbox of the sender, and the age of the oldest. */
  readonly waiting: number | undefined;
  readonly lagSeconds: number | undefined;
}

export interface Reading {
  readonly topology: Topology;
  readonly activity: Activity;
  readonly rates: Rates | undefined;
  /** Whether it is from before: the product does not answer now. */
  readonly isStale: boolean;
}

export const idOf = ({ kind, from, to }: Link): string => `${kind} ${linkKey(from, to)}`;

export function linksOf(reading: Reading): Link[] {
  return [...requestsOf(reading), ...callsOf(reading), ...eventsOf(reading)];
}

const NOTHING = {
  perSecond: undefined,
  failedPerSecond: undefined,
  meanSeconds: undefined,
  breaker: undefined,
  waiting: undefined,
  lagSeconds: undefined,
};

function requestsOf({ topology, activity, rates }: Reading): Link[] {
  return activity.contexts.map(({ name }) => ({
    ...NOTHING,
    kind: 'requests',
    from: EDGE,
    to: name,
    perSecond: rates?.requestsTo.get(name),
    failedPerSecond: rates?.failedRequestsTo.get(name),
    breaker: breakerOf(topology, EDGE, [`${name}-http`, name]),
  }));
}

/** Those that have been made so far; the picture has the requests of the gateway, which it passes on. */
function callsOf({ topology, activity, rates }: Reading): Link[] {
  const silent = silentIn(topology, activity);
  return activity.calls
    .filter(({ from, to }) => from !== EDGE && from !== to)
    .map(({ from, to }) => {
      const now = silent.has(from) ? undefined : rates?.links.get(linkKey(from, to));
      return {
        ...NOTHING,
        kind: 'calls',
        from,
        to,
        perSecond: now?.calls,
        failedPerSecond: now?.failed,
        meanSeconds: now?.meanSeconds,
        breaker: breakerOf(topology, from, [to]),
      };
    });
}

/** Contexts that report nothing, since no instance that hosts them responds. */
function silentIn({ processes }: Topology, activity: Activity): ReadonlySet<string> {
  const silent = processes.filter(({ name }) => {
    const instances = activity.processes.find((process) => process.name === name)?.instances ?? [];
    return instances.every(({ isKnown }) => !isKnown);
  });
  return new Set(silent.flatMap(({ hosts }) => hosts));
}

function eventsOf({ topology, activity }: Reading): Link[] {
  return topology.events.map(({ from, to }) => {
    const sender = activity.contexts.find(({ name }) => name === from);
    const waiting = sender?.outboxEvents ?? undefined;
    return {
      ...NOTHING,
      kind: 'events',
      from,
      to,
      waiting,
      lagSeconds: waiting ? (sender?.outboxLagSeconds ?? 0) : undefined,
    };
  });
}

const WORST_FIRST: readonly BreakerState[] = ['open', 'half-open', 'closed'];

function breakerOf({ processes }: Topology, from: string, targets: readonly string[]) {
  const breakers = processes.find(({ hosts }) => hosts.includes(from))?.breakers ?? [];
  const states = breakers.filter(({ target }) => targets.includes(target)).map(({ state }) => state);
  return WORST_FIRST.find((state) => states.includes(state));
}

/** Short enough to stand on the line. A breaker that is not closed is said first. */
export function labelOf({ kind, perSecond, meanSeconds, breaker, waiting, lagSeconds }: Link): string {
  if (kind === 'events') {
    if (waiting === undefined) return 'unknown';
    return lagSeconds === undefined ? '0 waiting' : `${rate(waiting)} for ${duration(lagSeconds)}`;
  }
  const often = perSecond === undefined ? 'unknown' : `${rate(perSecond)}/s`;
  if (breaker !== undefined && breaker !== 'closed') return `${breaker} · ${often}`;
  return meanSeconds === undefined ? often : `${often} · ${duration(meanSeconds)}`;
}

export const verbOf = { requests: 'passes requests to', calls: 'calls', events: 'sends events to' } as const;

/** The same for those who do not see the line. */
export function sentenceOf(link: Link): string {
  const { kind, from, to, breaker, failedPerSecond } = link;
  const parts = [`${from} ${verbOf[kind]} ${to}`, labelOf(link)];
  if (breaker === 'closed') parts.push('breaker closed');
  if (failedPerSecond) parts.push(`${rate(failedPerSecond)} failed/s`);
  return parts.join(', ');
}
