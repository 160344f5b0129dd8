import { setTimeout as pause } from 'node:timers/promises';
import type { OperatorApi } from '@fissile/kit/gateway';
import { CommandError } from '../command-error.js';
import type { OperatorClient } from '../operators/operator-client.js';
import type { Flow, Measured, MeasuredProcess } from './measured.js';

const ACTIVITY = '/api/admin/activity';
const TOPOLOGY = '/api/admin/topology';

type Answer<Path extends keyof OperatorApi> = OperatorApi[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;
export type ActivityView = Answer<typeof ACTIVITY>;
export type TopologyView = Answer<typeof TOPOLOGY>;

/** Who asks a product. */
export type Ask = Pick<OperatorClient, 'send'>;

/** Which process hosts what, now. */
export async function readTopology(client: Ask): Promise<TopologyView> {
  return (await client.send({ path: TOPOLOGY })) as TopologyView;
}

/**
 * Has a product work for so many seconds, and says what it did meanwhile.
 * @throws CommandError when its processes are not the same at the end, or one of them does not report
 */
export async function measureProduct(
  client: Ask,
  topology: TopologyView,
  seconds: number,
): Promise<Measured> {
  const before = (await client.send({ path: ACTIVITY })) as ActivityView;
  await pause(seconds * 1_000);
  const after = (await client.send({ path: ACTIVITY })) as ActivityView;
  return compare(topology, before, after);
}

/** @throws CommandError when they are not of the same processes */
export function compare(topology: TopologyView, before: ActivityView, after: ActivityView): Measured {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1_000;
  const rate = (now: number | null | undefined, then: number | null | undefined): number =>
    ((now ?? 0) - (then ?? 0)) / seconds;
  const processes = topology.processes.map(({ name, hosts }) =>
    processOf(name, hosts, instancesOf(name, before), instancesOf(name, after), rate),
  );
  const contexts = after.contexts.map(({ name, requests }) => ({
    name,
    requestsPerSecond: rate(requests, before.contexts.find((context) => context.name === name)?.requests),
  }));
  const calls = after.calls.map((call): Flow => {
    const earlier = before.calls.find(({ from, to }) => from === call.from && to === call.to);
    const { from, to, bytesPerCall: bytes } = call;
    return { from, to, bytes, perSecond: rate(call.calls, earlier?.calls) };
  });
  const events = after.events.map((event): Flow => {
    const earlier = before.events.find(({ from, to }) => from === event.from && to === event.to);
    const { from, to, deliveries } = event;
    return { from, to, bytes: null, perSecond: rate(deliveries, earlier?.deliveries) };
  });
  return {
    seconds,
    topology: topology.topology,
    processes,
    contexts,
    requestsPerSecond: requestsIn(topology, before, after) / seconds,
    medianMs: after.medianSeconds === null ? null : after.medianSeconds * 1_000,
    calls: calls.filter(isAny),
    events: events.filter(isAny),
  };
}

function isAny({ perSecond }: Flow): boolean {
  return perSecond > 0;
}

type InstanceView = ActivityView['processes'][number]['instances'][number];

function instancesOf(process: string, { processes }: ActivityView): readonly InstanceView[] {
  return processes.find(({ name }) => name === process)?.instances ?? [];
}

function processOf(
  name: string,
  hosts: readonly string[],
  before: readonly InstanceView[],
  after: readonly InstanceView[],
  rate: (now: number | null, then: number | null | undefined) => number,
): MeasuredProcess {
  const pairs = after.map((now) => ({ now, then: before.find(({ id }) => id === now.id) }));
  const isSame = pairs.every(({ now, then }) => now.isKnown && then?.isKnown && isLater(now, then));
  if (pairs.length === 0 || pairs.length !== before.length || !isSame) {
    throw new CommandError(
      `${name} has not reported, or was started or stopped meanwhile: expected the same processes from beginning to end`,
    );
  }
  const sum = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  return {
    name,
    hosts,
    instances: pairs.length,
    cpu: sum(({ now, then }) => rate(now.cpuSeconds, then?.cpuSeconds)),
    residentBytes: sum(({ now }) => now.residentBytes ?? 0),
    databaseConnections: sum(({ now }) => now.databaseConnections ?? 0),
  };
}

/** A process that was started again counts from nothing. */
function isLater(now: InstanceView, then: InstanceView): boolean {
  return (now.upSeconds ?? 0) >= (then.upSeconds ?? 0);
}

/** Those that the gateway answered: what it passes on is counted there and where it was passed on to. */
function requestsIn({ processes }: TopologyView, before: ActivityView, after: ActivityView): number {
  const edge = processes.find(({ hosts }) => hosts.includes('gateway'))?.name ?? '';
  const total = (view: ActivityView): number =>
    instancesOf(edge, view).reduce((sum, { requests }) => sum + (requests ?? 0), 0);
  return total(after) - total(before);
}
