import { useRef } from 'preact/hooks';
import type { Activity, Topology } from '../shared/operator-api.ts';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { product } from './product.ts';

const READ_EVERY_MS = 2_000;
const KEPT_READINGS = 60;

export type { Activity };
type ContextActivity = Activity['contexts'][number];

/** Names a pair of contexts. */
export const linkKey = (from: string, to: string): string => `${from} ${to}`;

/** What happens in a second, from two readings of the counters. */
export interface Rates {
  /** Over HTTP, by process. */
  readonly requests: ReadonlyMap<string, number>;
  readonly calls: ReadonlyMap<string, number>;
  readonly failedCalls: ReadonlyMap<string, number>;
  /** Over HTTP, by the context that they are for. */
  readonly requestsTo: ReadonlyMap<string, number>;
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
  readonly error: string | undefined;
}

/** Reads the topology and what goes on in it, again and again. */
export function useActivity(isOn: boolean): LiveView {
  const seen = useRef<{ activity?: Activity; history: readonly Rates[] }>({ history: [] });
  const read = useLoaded(async () => {
    const [topology, activity] = await Promise.all([
      product.get('/api/admin/topology'),
      product.get('/api/admin/activity'),
    ]);
    const { activity: before, history } = seen.current;
    const rates = before ? [...history, ratesOf(before, activity)].slice(-KEPT_READINGS) : history;
    seen.current = { activity, history: rates };
    return { topology, activity, history: rates };
  }, []);
  useEvery(READ_EVERY_MS, read.reload, isOn);
  const { topology, activity, history = [] } = read.value ?? {};
  return { topology, activity, history, error: read.error };
}

function ratesOf(before: Activity, now: Activity): Rates {
  const seconds = Math.max(0.001, (Date.parse(now.at) - Date.parse(before.at)) / 1000);
  const perSecond = (from: number, to: number): number => Math.max(0, to - from) / seconds;
  const requests = new Map(
    now.processes.map(({ name }) => [name, perSecond(requestsOf(before, name), requestsOf(now, name))]),
  );
  const each = (of: (context: ContextActivity) => number): ReadonlyMap<string, number> =>
    new Map(
      now.contexts.map((context) => {
        const earlier = before.contexts.find(({ name }) => name === context.name);
        return [context.name, earlier ? perSecond(of(earlier), of(context)) : 0];
      }),
    );
  return {
    requests,
    calls: each(({ calls }) => calls),
    failedCalls: each(({ failedCalls }) => failedCalls),
    requestsTo: each(({ requests }) => requests),
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

function requestsOf({ processes }: Activity, process: string): number {
  const instances = processes.find(({ name }) => name === process)?.instances ?? [];
  return instances.reduce((sum, { requests }) => sum + (requests ?? 0), 0);
}
