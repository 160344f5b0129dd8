import { type RunOptions, RunningProduct } from '../product/running-product.js';
import { startTestServer } from '../test-database.js';
import { checkProduct } from './check-product.js';
import {
  FAULT_KINDS,
  type FaultKind,
  type FaultKindName,
  faultKinds,
  type FaultStage,
} from './fault-kinds.js';
import type { FaultScenario } from './fault-scenario.js';
import type { EventBroker } from './own-broker.js';
import { Random } from './random.js';
import { Workload } from './workload.js';

/** All rounds of one kind of fault in one topology. */
export interface FaultOutcome {
  readonly fault: string;
  readonly topology: string;
  rounds: number;
  /** How much work was confirmed, and how much was not. */
  begun: number;
  refused: number;
  /** What is wrong, a line each; empty when all is well. */
  readonly problems: string[];
}

export interface FaultOptions extends Omit<RunOptions, 'topology' | 'server'> {
  readonly scenario: FaultScenario;
  readonly kinds?: readonly FaultKindName[] | undefined;
  readonly topologies?: readonly string[] | undefined;
  readonly rounds?: number | undefined;
  readonly seed?: number | undefined;
  /** What carries the events of the product, for the restart of a broker. */
  readonly broker?: EventBroker | undefined;
  /** Called when a kind has ended in a topology. */
  readonly onOutcome?: ((outcome: FaultOutcome) => void) | undefined;
}

/** Work before the first fault of a round, and after the last. */
const AROUND = 3;

/** Injects every kind of fault in every topology while the product works. A kind ends at its first failure. */
export async function runFaults(options: FaultOptions): Promise<FaultOutcome[]> {
  const { kinds = FAULT_KINDS, topologies = ['monolith', 'split'], broker, scenario } = options;
  const outcomes: FaultOutcome[] = [];
  const server = await startTestServer();
  try {
    for (const topology of topologies) {
      const host = new ProductHost(options, topology, server.url);
      try {
        for (const kind of faultKinds(kinds, broker)) outcomes.push(await runKind(kind, host, options));
      } finally {
        await host.close();
      }
    }
  } finally {
    await scenario.close?.();
    await server.stop();
  }
  return outcomes;
}

async function runKind(kind: FaultKind, host: ProductHost, options: FaultOptions): Promise<FaultOutcome> {
  const { scenario, rounds = 1, seed = 1, onOutcome } = options;
  // By its name, so that one kind alone can be repeated by its seed.
  const random = new Random(seed + FAULT_KINDS.indexOf(kind.name as FaultKindName) * 1_000);
  const outcome: FaultOutcome = {
    fault: kind.name,
    topology: host.topology,
    rounds: 0,
    begun: 0,
    refused: 0,
    problems: [],
  };
  try {
    const running = await host.productFor(kind);
    while (outcome.rounds < rounds && outcome.problems.length === 0) {
      await runRound(kind, outcome, { running, scenario, random });
    }
  } catch (error) {
    outcome.problems.push((error as Error).message);
  }
  // What went wrong would be found again by the next kind.
  if (kind.prepare || outcome.problems.length > 0) await host.close();
  onOutcome?.(outcome);
  return outcome;
}

interface Round {
  readonly running: RunningProduct;
  readonly scenario: FaultScenario;
  readonly random: Random;
}

async function runRound(
  kind: FaultKind,
  outcome: FaultOutcome,
  { running, scenario, random }: Round,
): Promise<void> {
  const work = new Workload(running, scenario, random);
  work.start();
  try {
    await work.goesOn(AROUND);
    await kind.inflict({ running, work, random });
    await work.goesOn(AROUND);
  } finally {
    await work.stop();
    outcome.rounds += 1;
    outcome.begun += work.begun.length;
    outcome.refused += work.refused;
  }
  outcome.problems.push(...(await checkProduct(running, scenario, work.begun)));
}

/** The product in one topology, started when a kind needs it; kinds without a stage share it. */
class ProductHost {
  private running: RunningProduct | undefined;
  private stage: FaultStage | undefined;

  constructor(
    private readonly options: FaultOptions,
    readonly topology: string,
    private readonly serverUrl: string,
  ) {}

  async productFor(kind: FaultKind): Promise<RunningProduct> {
    if (kind.prepare) await this.close();
    if (this.running) return this.running;
    const { product, main, cwd, settings, scenario } = this.options;
    this.stage = await kind.prepare?.();
    this.running = await RunningProduct.start({
      product,
      main,
      cwd,
      topology: this.topology,
      server: this.stage?.server ?? { url: this.serverUrl, stop: async () => undefined },
      settings: { CALL_TIMEOUT_MS: '2000', ...settings, ...scenario.settings, ...this.stage?.settings },
    });
    await scenario.prepare?.(this.running);
    return this.running;
  }

  async close(): Promise<void> {
    const { running, stage } = this;
    this.running = this.stage = undefined;
    await running?.close();
    await stage?.close();
  }
}
