import { percentile } from '../figures.js';
import type { Window } from './timed-moves.js';

export interface Figures {
  /** Answers per second of the windows. */
  readonly throughput: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** Every answer that the clients got: when it was asked for, and when it came. */
export class Answers {
  private readonly asked: number[] = [];
  private readonly came: number[] = [];

  add(askedAt: number): void {
    this.asked.push(askedAt);
    this.came.push(performance.now());
  }

  get count(): number {
    return this.came.length;
  }

  /** Of the answers that came in one of the windows. */
  within(windows: readonly Window[]): Figures {
    const latencies = this.came
      .map((came, index) => ({ came, took: came - (this.asked[index] ?? came) }))
      .filter(({ came }) => windows.some(({ from, to }) => came >= from && came < to))
      .map(({ took }) => took)
      .sort((one, other) => one - other);
    const seconds = windows.reduce((sum, { from, to }) => sum + to - from, 0) / 1_000;
    return {
      throughput: latencies.length / seconds,
      p99: percentile(latencies, 0.99),
    };
  }
}
