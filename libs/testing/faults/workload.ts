import { setTimeout as pause } from 'node:timers/promises';
import type { RunningProduct } from '../product/running-product.js';
import { until } from '../until.js';
import type { FaultScenario } from './fault-scenario.js';
import type { Random } from './random.js';

const CLIENTS = 3;
const PAUSE_MS = 20;
const PAUSE_WHEN_REFUSED_MS = 100;
const GOES_ON_WITHIN_MS = 90_000;

/** Clients that begin one piece of work after the other, whatever happens to the product. */
export class Workload {
  readonly begun: unknown[] = [];
  refused = 0;
  private number = 0;
  private isGoing = false;
  private clients: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly running: RunningProduct,
    private readonly scenario: FaultScenario,
    private readonly random: Random,
  ) {}

  start(): void {
    this.isGoing = true;
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.work()));
  }

  /** Waits until that much further work has begun. */
  async goesOn(more: number): Promise<void> {
    const from = this.begun.length;
    await until(`${more} more are begun`, () => this.begun.length >= from + more, GOES_ON_WITHIN_MS);
  }

  /** Waits for requests in flight. */
  async stop(): Promise<void> {
    this.isGoing = false;
    await this.clients;
  }

  private async work(): Promise<void> {
    while (this.isGoing) {
      const choice = { number: this.number, random: this.random };
      this.number += 1;
      try {
        this.begun.push(await this.scenario.begin(this.running, choice));
        await pause(PAUSE_MS);
      } catch {
        this.refused += 1;
        await pause(PAUSE_WHEN_REFUSED_MS);
      }
    }
  }
}
