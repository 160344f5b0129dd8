import { useRef } from 'preact/hooks';
import type { Activity, Topology } from '../shared/operator-api.ts';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { followOutages, type Outage } from './outages.ts';
import { product } from './product.ts';

const READ_EVERY_MS = 1_000;
const KEPT_READINGS = 120;

export type { Activity };
type ContextActivity = Activity['contexts'][number];

/** Names a pair of contexts. */
export const linkKey = (from: string, to: string): string => `${from} ${to}`;

/** What happens in a second, from two readings of the counters. */
export interface Rates {
  /** Over HTTP, by process; those that do not report have none. */
  readonly requests: ReadonlyMap<string, number | undefined>;
  readonly failedRequests: ReadonlyMap<string, number | undefined>;
  readonly calls: ReadonlyMap<string, number>;
  readonly failedCalls: ReadonlyMap<string, number>;
  /** Over HTTP, by the context that they are for. */
  readonly requestsTo: ReadonlyMap<string, number | undefined>;
  readonly failedRequestsTo: ReadonlyMap<string, number | undefined>;
  /** Between contexts, by `linkKey`. */
  readonly links: ReadonlyMap<string, CallRates>;
}

export interface CallRates {
  readonly calls: number;
  readonly failed: number;
  /** Undefined when there was none. */
  readonly meanSeconds: number | undefined;
}

export interface LiveView {
  readonly topology: Topology | undefined;
  readonly activity: Activity | undefined;
  /** Oldest first. */
  readonly history: readonly Rates[];
  readonly outages: readonly Outage[];
  readonly error: string | undefined;
}

interface Seen {
  readonly activity?: Activity;
  readonly history: readonly Rates[];
  readonly outages: readonly Outage[];
}

/** Reads the topology and what goes on in it, again and again. */
export function useActivity(isOn: boolean): LiveView {
  const seen = useRef<Seen>({ history: [], outages: [] });
  const read = useLoaded(async () => {
    const [topology, latest] = await Promise.all([
      product.get('/api/admin/topology'),
      product.get('/api/admin/activity'),
    ]);
    const { activity: before, history, outages } = seen.current;
    const activity = before ? withEarlierCalls(before, latest) : latest;
    seen.current = {
      activity,
      history: before ? [...history, ratesOf(before, activity)].slice(-KEPT_READINGS) : history,
      outages: followOutages(outages, topology, activity),
    };
    return { topology, ...seen.current };
  }, []);
  // One that takes long, since something does not respond, must not be overtaken for ever.
  const readAgain = (): void => {
    if (!read.isLoading) read.reload();
  };
  useEvery(READ_EVERY_MS, readAgain, isOn);
  const { topology, activity, history = [], outages = [] } = read.value ?? {};
  return { topology, activity, history, outages, error: read.error };
}

/** Who has called whom is told by the callers: what one has called stays in the picture while it is down. */
function withEarlierCalls(before: Activity, now: Activity): Activity {
  const isNamed = new Set(now.calls.map(({ from, to }) => linkKey(from, to)));
  const gone = before.calls.filter(({ from, to }) => !isNamed.has(linkKey(from, to)));
  const none = { calls: 0, failedCalls: 0, callSeconds: 0, bytesPerCall: null };
  return { ...now, calls: [...now.calls, ...gone.map(({ from, to }) => ({ from, to, ...none }))] };
}

function ratesOf(before: Activity, now: Activity): Rates {
  const seconds = Math.max(0.001, (Date.parse(now.at) - Date.parse(before.at)) / 1000);
  const perSecond = (from: number, to: number): number => Math.max(0, to - from) / seconds;
  const whereKnown = (from: number | null, to: number | null): number | undefined =>
    from === null || to === null ? undefined : perSecond(from, to);
  const ofProcesses = (counter: RequestCounter) =>
    new Map(
      now.processes.map(({ name }) => [
        name,
        whereKnown(requestsOf(before, name, counter), requestsOf(now, name, counter)),
      ]),
    );
  const ofContexts = <T>(rateOf: (before: ContextActivity, now: ContextActivity) => T) =>
    new Map(
      now.contexts.map((context) => {
        const earlier = before.contexts.find(({ name }) => name === context.name) ?? context;
        return [context.name, rateOf(earlier, context)];
      }),
    );
  return {
    requests: ofProcesses('requests'),
    failedRequests: ofProcesses('failedRequests'),
    calls: ofContexts((from, to) => perSecond(from.calls, to.calls)),
    failedCalls: ofContexts((from, to) => perSecond(from.failedCalls, to.failedCalls)),
    requestsTo: ofContexts((from, to) => whereKnown(from.requests, to.requests)),
    failedRequestsTo: ofContexts((from, to) => whereKnown(from.failedRequests, to.failedRequests)),
    links: new Map(
      now.calls.map((call) => [linkKey(call.from, call.to), callRates(before, call, perSecond)]),
    ),
  };
}

function callRates(
  before: Activity,
  now: Activity['calls'][number],
  perSecond: (from: number, to: number) => number,
): CallRates {
  const earlier = before.calls.find(({ from, to }) => from === now.from && to === now.to);
  const made = now.calls - (earlier?.calls ?? 0);
  return {
    calls: perSecond(earlier?.calls ?? 0, now.calls),
    failed: perSecond(earlier?.failedCalls ?? 0, now.failedCalls),
    meanSeconds: made > 0 ? Math.max(0, now.callSeconds - (earlier?.callSeconds ?? 0)) / made : undefined,
  };
}

type RequestCounter = 'requests' | 'failedRequests';

/** Null when no instance reports. */
function requestsOf({ processes }: Activity, process: string, counter: RequestCounter): number | null {
  const instances = processes.find(({ name }) => name === process)?.instances ?? [];
  const known = instances.flatMap((instance) => instance[counter] ?? []);
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
}
