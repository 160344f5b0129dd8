import { until } from '@fissile/kit/testing';
import type { Crowd } from './crowd.js';

/** Once a fault is over, everything has to work again within this time; longer beside other tests, where all takes longer. */
const WORKS_WITHIN_MS = Number(process.env['FAULTS_WORKS_WITHIN_MS'] ?? 30_000);
/** More than a pool has connections, so that none is left out. */
const AT_ONCE = 8;

/** Measures how long a shop needs after a fault until orders are placed again. */
export class Recovery {
  private from = performance.now();
  private measuredMs: number | undefined;

  constructor(private readonly crowd: Pick<Crowd, 'place' | 'send' | 'newWish'>) {}

  /** The time from the beginning until orders were placed again, in milliseconds; undefined until they were. */
  get worksAgainMs(): number | undefined {
    return this.measuredMs;
  }

  /** The time since the beginning, in milliseconds. */
  get elapsedMs(): number {
    return performance.now() - this.from;
  }

  /** Call it when the fault ends; or when it begins, if nobody but the shop itself can end it. */
  begin(): void {
    this.from = performance.now();
    this.measuredMs = undefined;
  }

  /**
   * Waits until a few orders at once are placed without an error.
   * @throws Error when that takes too long
   */
  async worksAgain(): Promise<void> {
    if (this.measuredMs !== undefined) return;
    // One asks for all, again and again: the orders of all attempts would be a load of their own afterwards.
    const first = this.crowd.newWish();
    await until(
      'orders are placed again',
      async () => {
        const answer = await this.crowd.send(first);
        if (answer === undefined || answer.status >= 300) return false;
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => this.crowd.place()));
        return answers.every((answer) => answer !== undefined && answer.status < 300);
      },
      Math.max(0, WORKS_WITHIN_MS - this.elapsedMs),
    );
    this.measuredMs = this.elapsedMs;
  }
}
