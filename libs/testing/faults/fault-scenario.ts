import type { RunningProduct } from '../product/running-product.js';
import type { Random } from './random.js';

/** What one piece of work may choose by. */
export interface WorkChoice {
  /** Counts from 0, and no other work of the run has it. */
  readonly number: number;
  /** The same for the same seed. */
  readonly random: Random;
}

/** The work of a product while faults happen, and how to see that all of it is right afterwards. */
export interface FaultScenario<Begun = unknown> {
  /** Settings of the product. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Runs once for each start, before any fault: for accounts and what work needs. */
  prepare?(running: RunningProduct): Promise<void>;
  /**
   * Begins one piece of work, such as a request that starts a saga. It may reject while a fault lasts: then nobody was
   * promised anything, and only the checks that hold for every product apply.
   */
  begin(running: RunningProduct, choice: WorkChoice): Promise<Begun>;
  /**
   * Says what is wrong, a line each, once everything is at rest. What was begun must have happened exactly once.
   * @param begun what `begin` resolved with, since the last check
   */
  check?(running: RunningProduct, begun: readonly Begun[]): Promise<readonly string[]>;
  /** Ends what the scenario itself started. */
  close?(): Promise<void>;
}

/** Checks the types of a scenario. */
export function defineFaultScenario<Begun>(scenario: FaultScenario<Begun>): FaultScenario<Begun> {
  return scenario;
}
