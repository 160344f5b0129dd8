import { Random } from '@fissile/kit/testing';
import { Shop, type ShopOptions } from '../harness/shop.js';
import { checkConsistency, type ConsistencyReport } from './consistency.js';
import { Crowd } from './crowd.js';
import type { Stage, Topology } from './fault.js';
import { NoMorePoints } from './kinds/crash-points.js';
import type { Lane } from './lanes.js';
import { Recovery } from './recovery.js';
import { isWell, type Trial } from './trial.js';

export interface Choice {
  readonly lanes: readonly Lane[];
  readonly set: 'short' | 'long';
  readonly seed: number;
  /** The number of shops that run at once; one when absent. */
  readonly parallel?: number;
  /** Repeats the lanes with other seeds until there are so many trials in all. */
  readonly trials?: number;
  /** Repeats the lanes with other seeds until then, in milliseconds since the epoch; nothing begins later. */
  readonly endAt?: number;
  /** Called with each trial as it ends. */
  readonly onTrial?: (trial: Trial) => void;
}

/** Runs every lane, once or again and again. A lane ends at its first failure, and the others go on. */
export async function runFaults(choice: Choice): Promise<Trial[]> {
  const { lanes, seed, parallel = 1, trials: wanted, endAt = Infinity } = choice;
  const trials: Trial[] = [];
  const failed = new Set<Lane>();
  // The first round is whole, so that no lane is left out.
  const isOver = (round: number) =>
    Date.now() > endAt || (round > 0 && trials.length >= (wanted ?? Infinity));
  for (let round = 0; ; round += 1) {
    const open = lanes.filter((lane) => !failed.has(lane));
    const work = async (): Promise<void> => {
      for (let lane = open.shift(); lane && !isOver(round); lane = open.shift()) {
        const current = lane;
        await runLane(current, {
          set: choice.set,
          seed: seed + round,
          isOver: () => isOver(round),
          onTrial: (trial) => {
            trials.push(trial);
            if (!isWell(trial)) failed.add(current);
            choice.onTrial?.(trial);
          },
        });
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    const repeats = wanted !== undefined || choice.endAt !== undefined;
    if (!repeats || isOver(round + 1) || failed.size === lanes.length) return trials;
  }
}

/** Less than what is suspended is suspended for; longer beside other tests, where an answer takes longer. */
const CALL_TIMEOUT_MS = process.env['FAULTS_CALL_TIMEOUT_MS'] ?? '2000';

/** A shop to try faults on. */
export function startShop(topology: Topology, options: ShopOptions = {}): Promise<Shop> {
  const env = { TOPOLOGY: topology, CALL_TIMEOUT_MS, ...options.env };
  return Shop.start({ ...options, env });
}

/** Tries a fault that needs nothing around the shop on one that runs: several of them can share it, one after the other. */
export async function tryOnShop(
  shop: Shop,
  lane: Lane,
  { set, seed }: Pick<Choice, 'set' | 'seed'>,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const run: LaneRun = { set, seed, isOver: () => false, onTrial: (trial) => trials.push(trial) };
  await tryOn(shop, randomOf(lane, run), lane, run);
  return trials;
}

/** Each lane has its own choices, so that one fault alone can be repeated by its seed. */
function randomOf({ topology, index }: Lane, { seed }: Pick<Choice, 'seed'>): Random {
  return new Random(seed + 1_000 * index + (topology === 'split' ? 500 : 0));
}

interface LaneRun {
  readonly set: Choice['set'];
  readonly seed: number;
  readonly isOver: () => boolean;
  readonly onTrial: (trial: Trial) => void;
}

/** What a fault needs around the shop has failed by itself. */
class StageFailed extends Error {
  override readonly name = 'StageFailed';
}

const STAGES_AT_MOST = 3;

async function runLane(lane: Lane, run: LaneRun, attempt = 1): Promise<void> {
  const { fault, topology } = lane;
  const random = randomOf(lane, run);
  const begun = performance.now();
  try {
    const stage = await fault.prepare?.(topology);
    try {
      const shop = await startShop(topology, stage?.options);
      try {
        await tryOn(shop, random, lane, run, stage);
      } finally {
        await shop.close();
      }
    } finally {
      await stage?.close();
    }
  } catch (error) {
    if (error instanceof StageFailed && attempt < STAGES_AT_MOST) {
      console.warn(`${fault.name}, ${topology}: ${error.message}; once more`);
      return runLane(lane, run, attempt + 1);
    }
    // One shop that does not start, or cannot be taken down, does not end the run of the others.
    run.onTrial({ ...namesOf(lane, run), ...stuckAt(error), hints: [], tookMs: performance.now() - begun });
  }
}

async function tryOn(shop: Shop, random: Random, lane: Lane, run: LaneRun, stage?: Stage): Promise<void> {
  for (let number = 0; number < lane.fault.tries[run.set] && !run.isOver(); number += 1) {
    const begun = performance.now();
    const crowd = await Crowd.create(shop, random, stage?.methods);
    const recovery = new Recovery(crowd);
    const problems: string[] = [];
    crowd.begin();
    try {
      await crowd.goesOn(10);
      recovery.begin();
      await lane.fault.inflict({ shop, crowd, random, recovery }, number);
      await recovery.worksAgain();
    } catch (error) {
      if (error instanceof NoMorePoints) return;
      problems.push(...stuckAt(error).stuck);
    } finally {
      await crowd.stop();
    }
    let atRestMs: number | undefined;
    const onRest = () => (atRestMs = recovery.elapsedMs);
    // A shop that cannot even be checked is stuck.
    const report = await checkConsistency(shop, crowd, { moved: stage?.moved, onRest }).catch(stuckAt);
    const found = { ...report, stuck: [...problems, ...report.stuck] };
    const failure = isWell(found) ? undefined : stage?.failure?.();
    if (failure !== undefined) throw new StageFailed(failure);
    run.onTrial({
      ...namesOf(lane, run),
      ...found,
      hints: isWell(found) ? [] : errorsIn(shop.output),
      ...(recovery.worksAgainMs !== undefined && { worksAgainMs: recovery.worksAgainMs }),
      ...(atRestMs !== undefined && { atRestMs }),
      tookMs: performance.now() - begun,
    });
    if (!isWell(found)) return;
  }
}

function namesOf({ fault, topology }: Lane, { seed }: LaneRun): Pick<Trial, 'fault' | 'topology' | 'seed'> {
  return { fault: fault.name, topology, seed };
}

function stuckAt(error: unknown): ConsistencyReport {
  const message = error instanceof Error ? error.message : String(error);
  return { orders: 0, lost: [], doubled: [], stuck: [message] };
}

/** The last lines from warnings up, for debugging. */
function errorsIn(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /"level":"?(50|60|error|fatal)/.test(line))
    .slice(-5)
    .map((line) => `log: ${line.slice(0, 500)}`);
}
