import type { Shop, ShopOptions } from '../harness/shop.js';
import type { Crowd } from './crowd.js';
import type { Random } from './random.js';

/** Where a fault takes place. */
export interface Scene {
  readonly shop: Shop;
  readonly crowd: Crowd;
  readonly random: Random;
}

/** What a fault needs around the shop, such as a server of its own. */
export interface Stage {
  readonly options: ShopOptions;
  /** How the crowd pays, with another provider than the sandbox. */
  readonly methods?: readonly string[];
  /** What that provider has moved in all, in minor units. */
  readonly moved?: () => number;
  close(): Promise<void>;
}

/** One kind of fault. */
export interface Fault {
  readonly name: string;
  /** The topologies in which it can happen. */
  readonly topologies: readonly Topology[];
  /** How often it is tried in the short set, and in the long one. */
  readonly tries: { readonly short: number; readonly long: number };
  /** What must be there before the shop starts. */
  prepare?(topology: Topology): Promise<Stage>;
  /** Brings the fault about while the crowd shops, and ends it. */
  inflict(scene: Scene, tryNumber: number): Promise<void>;
}

export type Topology = 'monolith' | 'split';

export const EVERYWHERE: readonly Topology[] = ['monolith', 'split'];
