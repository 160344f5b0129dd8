import { appendFileSync, readFileSync } from 'node:fs';
import type { Topology } from './fault.js';

/** The outcome of one fault: a line for each failure, and its times in milliseconds. */
export interface Trial {
  readonly fault: string;
  readonly topology: Topology;
  readonly seed: number;
  readonly orders: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly stuck: readonly string[];
  /** The last errors of the log when something is wrong. */
  readonly hints: readonly string[];
  /** From the end of the fault until orders were placed again. */
  readonly worksAgainMs?: number;
  /** From the end of the fault until no saga ran and no event waited, after the load. */
  readonly atRestMs?: number;
  readonly tookMs: number;
}

export function isWell({ lost, doubled, stuck }: Pick<Trial, 'lost' | 'doubled' | 'stuck'>): boolean {
  return lost.length + doubled.length + stuck.length === 0;
}

/** Adds a line to a file, so that a run that is cut off keeps its trials, and several runs make one table. */
export function appendTrial(file: string, trial: Trial): void {
  appendFileSync(file, `${JSON.stringify(trial)}\n`);
}

export function readTrials(file: string): Trial[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Trial);
}
