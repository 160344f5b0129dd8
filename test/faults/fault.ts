import type { Shop, ShopOptions } from '../harness/shop.js';
import type { Crowd } from './crowd.js';
import type { Random } from '@fissile/kit/testing';
import type { Recovery } from './recovery.js';

/** The environment of a fault. */
export interface Scene {
  readonly shop: Shop;
  readonly crowd: Crowd;
  readonly random: Random;
  /** Measures from the start of the fault, unless the fault says that it begins or ends later. */
  readonly recovery: Recovery;
}

/** What a fault needs around the shop, such as its own server. */
export interface Stage {
  readonly options: ShopOptions;
  /** How the crowd pays, with a provider other than the sandbox. */
  readonly methods?: readonly string[];
  /** The total that this provider has moved, in minor units. */
  readonly moved?: () => number;
  /** Why it does not work any more by itself; then the trial says nothing about the shop, and is made again. */
  readonly failure?: () => string | undefined;
  close(): Promise<void>;
}

/** One kind of fault. */
export interface Fault {
  readonly name: string;
  /** The topologies in which it can happen. */
  readonly topologies: readonly Topology[];
  /** The number of trials in the short set, and in the long one. */
  readonly tries: { readonly short: number; readonly long: number };
  /** A suite that holds the same in less time, so that CI leaves the fault to it. */
  readonly heldBy?: string;
  /** Sets up what must exist before the shop starts. */
  prepare?(topology: Topology): Promise<Stage>;
  /**
   * Injects the fault while the crowd orders, and ends it; orders have to be placed again soon after that.
   * @throws Error about what was wrong meanwhile
   */
  inflict(scene: Scene, tryNumber: number): Promise<void>;
}

export type Topology = 'monolith' | 'split';

export const EVERYWHERE: readonly Topology[] = ['monolith', 'split'];
