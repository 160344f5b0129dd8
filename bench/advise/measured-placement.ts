import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@fissile/kit/testing';
import type { FissileCompetitor } from '../fissile.js';
import { placeOrders } from '../load.js';
import { carryOut } from '../move/timed-moves.js';
import { treeOf } from '../start/processes.js';
import { cpuSecondsOf, memoryOf } from '../usage.js';
import type { Placement } from './placements.js';

/** What a placement did under a load. */
export interface Observed {
  /** Microseconds of CPU of all processes for an order. */
  readonly cpuMicros: number;
  /** Half of the requests took at most that long, as the gateway saw it. */
  readonly medianMs: number;
  /** MiB of all processes. */
  readonly memory: number;
}

export interface Load {
  /** Orders a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Until code that is new to a process is compiled: see docs/benchmarks/orders.md. */
const WARM_UP_CLIENTS = 8;
const SETTLE_MS = 1_000;

/** A shop whose contexts move from one placement to the next while it runs. */
export class MeasuredShop {
  private placement = 'monolith';

  constructor(
    private readonly competitor: FissileCompetitor,
    private readonly token: string,
  ) {}

  async moveTo({ name }: Placement): Promise<void> {
    if (name === this.placement) return;
    this.placement = name;
    await carryOut(this.competitor.shop.dataDir, { action: 'apply', topology: name });
  }

  async warmUp(orders: number): Promise<void> {
    for (let placed = 0; placed < orders;) {
      placed += (await this.placeOrders({ clients: WARM_UP_CLIENTS }, 1)).count;
    }
    await this.isSettled();
  }

  async observe({ rate, seconds }: Load): Promise<Observed> {
    const pids = this.pids();
    const before = cpuSecondsOf(pids);
    const { count } = await this.placeOrders({ rate }, seconds);
    const median = await this.medianSeconds();
    await this.isPublished();
    const cpuSeconds = cpuSecondsOf(pids) - before;
    await this.isSettled();
    return {
      cpuMicros: (cpuSeconds * 1_000_000) / count,
      medianMs: median * 1_000,
      memory: memoryOf(pids, 'VmRSS'),
    };
  }

  placeOrders(by: { clients: number } | { rate: number }, seconds: number) {
    const { url, productIds, shop } = this.competitor;
    return this.competitor
      .tokens()
      .then((tokens) => placeOrders(url, { by, seconds, productIds, tokens }))
      .catch((error: unknown) => {
        console.error(shop.output.slice(-2_000));
        throw error;
      });
  }

  async isSettled(): Promise<void> {
    await this.isPublished();
    await pause(SETTLE_MS);
  }

  private async isPublished(): Promise<void> {
    await until('all events are published', () => this.competitor.isSettled(), 120_000);
  }

  /** Of everything but PostgreSQL and the clients. */
  private pids(): readonly number[] {
    const [program] = this.competitor.pids();
    if (program === undefined) throw new Error('the shop does not run');
    return treeOf(program);
  }

  private async medianSeconds(): Promise<number> {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.competitor.url}/api/admin/activity`, { headers });
    const { medianSeconds } = (await response.json()) as { medianSeconds: number | null };
    return medianSeconds ?? Number.NaN;
  }
}
