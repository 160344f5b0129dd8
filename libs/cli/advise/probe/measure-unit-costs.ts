import { setTimeout as pause } from 'node:timers/promises';
import type { CostAtRate, UnitCosts } from '../unit-costs.js';
import { Probe } from './probe.js';
import type { ProbeChild } from './probe-child.js';

/** Calls or requests a second: rare, so that each wakes a process, and frequent. */
const RATES = [20, 80, 320];
/** Into so many parts of the same length the time is divided. */
const PARTS = 4 + 4 * RATES.length + 4 + 1;
/** Of an identifier, there and back. */
const LONG_CALL_IDS = 400;
const BYTES_PER_ID = 2 * 40;
const FEW_IDS = 4;

interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

interface Ran {
  readonly count: number;
  readonly cpuMicros: number;
  readonly medianMs: number;
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
    await warmUp(probe, each);
    const calls: CostAtRate[] = [];
    const proxied: CostAtRate[] = [];
    for (const perSecond of RATES) {
      report(`makes ${perSecond} calls, and then requests, a second`);
      calls.push(await costOfCalls(probe, { perSecond, seconds: each }));
      proxied.push(await costOfRequests(probe, { perSecond, seconds: each }));
    }
    const cpuMicrosPerKilobyte = await costOfKilobyte(probe, each);
    return {
      transport: environment['TRANSPORT'] ?? 'grpc',
      calls,
      cpuMicrosPerKilobyte,
      proxied,
      process: await costOfProcess(probe, each),
    };
  } finally {
    probe.stop();
  }
}

/** Code that has run often is compiled, as that of a product is that has been running for a while. */
async function warmUp({ pair: [near], single, urls }: Probe, seconds: number): Promise<void> {
  const order = { perSecond: undefined, seconds, ids: FEW_IDS };
  await near.makeCalls(order);
  await single.makeCalls(order);
  for (const url of [urls.pair, urls.single]) await sendRequests(url, undefined, seconds);
}

async function costOfCalls({ pair, single }: Probe, pace: Pace): Promise<CostAtRate> {
  const order = { ...pace, ids: FEW_IDS };
  return difference(
    pace.perSecond,
    await ran(pair, () => made(pair[0], order)),
    await ran([single], () => made(single, order)),
  );
}

async function costOfRequests(
  { pair, single, urls }: Probe,
  { perSecond, seconds }: Pace,
): Promise<CostAtRate> {
  return difference(
    perSecond,
    await ran(pair, () => sendRequests(urls.pair, perSecond, seconds)),
    await ran([single], () => sendRequests(urls.single, perSecond, seconds)),
  );
}

async function costOfKilobyte({ pair, single }: Probe, seconds: number): Promise<number> {
  const [perSecond = 100] = RATES.slice(-1);
  const costOf = async (ids: number): Promise<number> => {
    const order = { perSecond, seconds, ids };
    const apart = await ran(pair, () => made(pair[0], order));
    const together = await ran([single], () => made(single, order));
    return apart.cpuMicros / apart.count - together.cpuMicros / together.count;
  };
  const more = (await costOf(LONG_CALL_IDS)) - (await costOf(FEW_IDS));
  return Math.max(0, (more * 1_000) / ((LONG_CALL_IDS - FEW_IDS) * BYTES_PER_ID));
}

async function costOfProcess({ pair: [, far] }: Probe, seconds: number): Promise<UnitCosts['process']> {
  const before = await far.usage();
  await pause(seconds * 1_000);
  const after = await far.usage();
  return {
    residentBytes: after.residentBytes,
    idleCpu: (after.cpu - before.cpu) / 1_000_000 / seconds,
  };
}

async function ran(
  children: readonly ProbeChild[],
  work: () => Promise<{ count: number; medianMs: number }>,
): Promise<Ran> {
  const cpu = async (): Promise<number> => {
    const usages = await Promise.all(children.map((child) => child.usage()));
    return usages.reduce((sum, usage) => sum + usage.cpu, 0);
  };
  const before = await cpu();
  const { count, medianMs } = await work();
  return { count, medianMs, cpuMicros: (await cpu()) - before };
}

async function made(child: ProbeChild, order: Parameters<ProbeChild['makeCalls']>[0]) {
  const { calls: count, medianMs } = await child.makeCalls(order);
  return { count, medianMs };
}

function difference(perSecond: number, apart: Ran, together: Ran): CostAtRate {
  return {
    perSecond,
    cpuMicros: Math.max(0, apart.cpuMicros / apart.count - together.cpuMicros / together.count),
    latencyMs: Math.max(0, apart.medianMs - together.medianMs),
  };
}

async function sendRequests(
  url: string,
  perSecond: number | undefined,
  seconds: number,
): Promise<{ count: number; medianMs: number }> {
  const took: number[] = [];
  const startedAt = performance.now();
  for (let due = startedAt; performance.now() < startedAt + seconds * 1_000;) {
    const began = performance.now();
    await (await fetch(url)).arrayBuffer();
    took.push(performance.now() - began);
    if (perSecond === undefined) continue;
    due += 1_000 / perSecond;
    await pause(Math.max(0, due - performance.now()));
  }
  took.sort((one, other) => one - other);
  return { count: took.length, medianMs: took[Math.floor(took.length / 2)] ?? Number.NaN };
}
