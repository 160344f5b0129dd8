import { Shop } from '../harness/shop.js';
import { Crowd } from './crowd.js';
import type { Fault, Stage, Topology } from './fault.js';
import { NoMorePoints } from './kinds/crash-points.js';
import { Random } from '@fissile/kit/testing';
import { checkConsistency, type ConsistencyReport } from './consistency.js';

/** All trials of one fault in one topology. */
export interface Outcome {
  readonly fault: string;
  readonly topology: Topology;
  tries: number;
  orders: number;
  readonly lost: string[];
  readonly doubled: string[];
  readonly stuck: string[];
  /** The log lines when something is wrong. */
  readonly hints: string[];
}

export interface Choice {
  readonly faults: readonly Fault[];
  readonly topologies: readonly Topology[];
  readonly set: 'short' | 'long';
  readonly seed: number;
  /** Called with each trial as it ends. */
  readonly onTry?: (outcome: Outcome) => void;
}

/** Runs every fault in every topology where it can happen. A fault's trials end at its first failure. */
export async function runFaults({ faults, topologies, set, seed, onTry }: Choice): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, fault] of faults.entries()) {
    for (const topology of fault.topologies.filter((each) => topologies.includes(each))) {
      const outcome: Outcome = {
        fault: fault.name,
        topology,
        tries: 0,
        orders: 0,
        lost: [],
        doubled: [],
        stuck: [],
        hints: [],
      };
      outcomes.push(outcome);
      // Each has its own choices, so that one fault alone can be repeated by its seed.
      const random = new Random(seed + 1_000 * index + (topology === 'split' ? 500 : 0));
      await tryFault(fault, outcome, { random, tries: fault.tries[set], onTry });
    }
  }
  return outcomes;
}

interface Trial {
  readonly random: Random;
  readonly tries: number;
  readonly onTry: Choice['onTry'];
}

async function tryFault(fault: Fault, outcome: Outcome, trial: Trial): Promise<void> {
  const stage = await fault.prepare?.(outcome.topology);
  try {
    const env = { TOPOLOGY: outcome.topology, CALL_TIMEOUT_MS: '2000', ...stage?.options.env };
    const shop = await Shop.start({ ...stage?.options, env });
    try {
      await tryOn(shop, fault, outcome, trial, stage);
    } finally {
      if (!isWell(outcome)) outcome.hints.push(...errorsIn(shop.output));
      await shop.close();
    }
  } finally {
    await stage?.close();
  }
}

async function tryOn(
  shop: Shop,
  fault: Fault,
  outcome: Outcome,
  { random, tries, onTry }: Trial,
  stage?: Stage,
): Promise<void> {
  for (let tryNumber = 0; tryNumber < tries && isWell(outcome); tryNumber += 1) {
    const crowd = await Crowd.create(shop, random, stage?.methods);
    crowd.begin();
    try {
      await crowd.goesOn(10);
      await fault.inflict({ shop, crowd, random }, tryNumber);
      await crowd.goesOn(10);
    } catch (error) {
      if (error instanceof NoMorePoints) break;
      outcome.stuck.push(messageOf(error));
    } finally {
      await crowd.stop();
    }
    // A shop that cannot even be checked is stuck.
    const report = await checkConsistency(shop, crowd, stage?.moved).catch((error: unknown) => ({
      orders: 0,
      lost: [],
      doubled: [],
      stuck: [messageOf(error)],
    }));
    note(outcome, report);
    onTry?.(outcome);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function note(outcome: Outcome, { orders, lost, doubled, stuck }: ConsistencyReport): void {
  outcome.tries += 1;
  outcome.orders += orders;
  outcome.lost.push(...lost);
  outcome.doubled.push(...doubled);
  outcome.stuck.push(...stuck);
}

export function isWell({ lost, doubled, stuck }: Pick<Outcome, 'lost' | 'doubled' | 'stuck'>): boolean {
  return lost.length + doubled.length + stuck.length === 0;
}

/** The last lines from warnings up, for debugging. */
function errorsIn(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /"level":"?(50|60|error|fatal)/.test(line))
    .slice(-5)
    .map((line) => `log: ${line.slice(0, 500)}`);
}
