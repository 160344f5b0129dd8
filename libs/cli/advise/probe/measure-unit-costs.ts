import { setTimeout as pause } from 'node:timers/promises';
import type { CostAtRate, UnitCosts } from '../unit-costs.js';
import { Probe } from './probe.js';
import { timed, type Timed, type TimedWork } from './timed.js';
import type { ProbeChild } from './probe-child.js';

/** Calls or requests a second: rare, so that each wakes a process, and frequent. */
const RATES = [320, 80, 20];
/** Into so many parts of the same length the time is divided, after the warm-up. */
const PARTS = 4 * RATES.length + 4 + 2;
/** Two processes and one take turns. */
const TURNS = 3;
/** Calls, and half as many requests, for each second of measuring: code that has run often is compiled, as that of a product is. */
const WARM_UP_CALLS = 150;
/** Of an identifier, there and back. */
const LONG_CALL_IDS = 400;
const BYTES_PER_ID = 2 * 40;
const FEW_IDS = 4;

type Cost = Omit<CostAtRate, 'perSecond'>;

interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
  readonly idleCpu: number;
}

interface Ran extends Timed {
  readonly seconds: number;
  readonly cpuMicros: number;
}

export interface CostsToMeasure {
  /** Settings of the transport: TRANSPORT, and where its broker is. */
  readonly environment: NodeJS.ProcessEnv;
  /** For how long. */
  readonly seconds: number;
  readonly report: (what: string) => void;
}

/**
 * Measures, with processes of its own that talk as those of a product do, what a call, a kilobyte, a request that is passed on
 * and a process cost here.
 */
export async function measureUnitCosts({ environment, seconds, report }: CostsToMeasure): Promise<UnitCosts> {
  report('starts three processes that only talk');
  const probe = await Probe.start(environment);
  const each = seconds / PARTS;
  try {
    await warmUp(probe, Math.ceil(seconds * WARM_UP_CALLS));
    await pause(each * 1_000);
    const process = await costOfProcess(probe, each);
    const calls: CostAtRate[] = [];
    const proxied: CostAtRate[] = [];
    for (const perSecond of RATES) {
      report(`makes ${perSecond} calls, and then requests, a second`);
      const pace = { perSecond, seconds: each, idleCpu: process.idleCpu };
      calls.push(await costOfCalls(probe, pace));
      proxied.push(await costOfRequests(probe, pace));
    }
    const cpuMicrosPerKilobyte = await costOfKilobyte(probe, each);
    return {
      transport: environment['TRANSPORT'] ?? 'grpc',
      calls,
      cpuMicrosPerKilobyte,
      proxied,
      process,
    };
  } finally {
    probe.stop();
  }
}

async function warmUp({ pair: [near], single, urls }: Probe, calls: number): Promise<void> {
  const order = { perSecond: undefined, until: { calls }, ids: FEW_IDS };
  await near.makeCalls(order);
  await single.makeCalls(order);
  for (const url of [urls.pair, urls.single]) await sendRequests(url, { until: { calls: calls / 2 } });
}

async function costOfCalls(
  { pair, single }: Probe,
  { perSecond, seconds, idleCpu }: Pace,
): Promise<CostAtRate> {
  const order = { perSecond, until: { seconds: seconds / TURNS }, ids: FEW_IDS };
  const cost = await medianOfTurns(async () => {
    const apart = await ran(pair, () => near(pair[0], order));
    return difference(apart, await ran([single], () => near(single, order)), idleCpu);
  });
  return { perSecond, ...cost };
}

async function costOfRequests(
  { pair, single, urls }: Probe,
  { perSecond, seconds, idleCpu }: Pace,
): Promise<CostAtRate> {
  const pace = { perSecond, until: { seconds: seconds / TURNS } };
  const cost = await medianOfTurns(async () => {
    const apart = await ran(pair, () => sendRequests(urls.pair, pace));
    return difference(apart, await ran([single], () => sendRequests(urls.single, pace)), idleCpu);
  });
  return { perSecond, ...cost };
}

/** What else the machine does in one turn does not count. */
async function medianOfTurns(turn: () => Promise<Cost>): Promise<Cost> {
  const turns: Cost[] = [];
  while (turns.length < TURNS) turns.push(await turn());
  const median = (of: (cost: Cost) => number): number =>
    turns.map(of).sort((one, other) => one - other)[Math.floor(TURNS / 2)] ?? 0;
  return { cpuMicros: median(({ cpuMicros }) => cpuMicros), latencyMs: median(({ latencyMs }) => latencyMs) };
}

async function costOfKilobyte({ pair, single }: Probe, seconds: number): Promise<number> {
  const [perSecond = 100] = RATES.slice(-1);
  const costOf = async (ids: number): Promise<number> => {
    const order = { perSecond, until: { seconds }, ids };
    const apart = await ran(pair, () => near(pair[0], order));
    const together = await ran([single], () => near(single, order));
    return apart.cpuMicros / apart.count - together.cpuMicros / together.count;
  };
  const more = (await costOf(LONG_CALL_IDS)) - (await costOf(FEW_IDS));
  return Math.max(0, (more * 1_000) / ((LONG_CALL_IDS - FEW_IDS) * BYTES_PER_ID));
}

/** The least of several turns: a process that has just worked hard tidies up for a while. */
async function costOfProcess({ pair: [, far] }: Probe, seconds: number): Promise<UnitCosts['process']> {
  let idleCpu = Infinity;
  let before = await far.usage();
  for (let turn = 0; turn < TURNS; turn += 1) {
    const began = performance.now();
    await pause((seconds / TURNS) * 1_000);
    const after = await far.usage();
    idleCpu = Math.min(idleCpu, (after.cpu - before.cpu) / 1_000 / (performance.now() - began));
    before = after;
  }
  return { residentBytes: before.residentBytes, idleCpu };
}

async function ran(children: readonly ProbeChild[], work: () => Promise<Timed>): Promise<Ran> {
  const cpu = async (): Promise<number> => {
    const usages = await Promise.all(children.map((child) => child.usage()));
    return usages.reduce((sum, usage) => sum + usage.cpu, 0);
  };
  const before = await cpu();
  const began = performance.now();
  const timed = await work();
  const seconds = (performance.now() - began) / 1_000;
  return { ...timed, seconds, cpuMicros: (await cpu()) - before };
}

async function near(child: ProbeChild, order: Parameters<ProbeChild['makeCalls']>[0]): Promise<Timed> {
  return child.makeCalls(order);
}

/** What one costs more, without what a second process costs anyway. */
function difference(apart: Ran, together: Ran, idleCpu: number): Cost {
  const idleMicros = idleCpu * apart.seconds * 1_000_000;
  return {
    cpuMicros: Math.max(
      0,
      (apart.cpuMicros - idleMicros) / apart.count - together.cpuMicros / together.count,
    ),
    latencyMs: Math.max(0, apart.medianMs - together.medianMs),
  };
}

async function sendRequests(url: string, pace: Omit<TimedWork, 'once'>): Promise<Timed> {
  const once = async (): Promise<unknown> => (await fetch(url)).arrayBuffer();
  return timed({ ...pace, once });
}
