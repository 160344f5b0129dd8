import assert from 'node:assert/strict';
import { allLanes, type Lane } from './lanes.js';
import { listViolations } from './table.js';
import type { Trial } from './trial.js';

/** A fixed seed, so that a failure is reproducible; `npm run test:faults` chooses another each time. */
export const CHOICE = { set: 'short', seed: 1 } as const;

export const isCrash = ({ fault }: Lane): boolean => fault.name.includes('at a commit');

/** Each fault in one topology by turns, except the crashes: `npm run test:faults -- --short` tries all in both. */
const isInTurn = (lane: Lane): boolean => {
  const { fault, topology, index } = lane;
  return isCrash(lane) || topology === fault.topologies[index % fault.topologies.length];
};

/** What CI tries, but for what other suites hold. */
export const LANES = allLanes()
  .filter(({ fault }) => fault.heldBy === undefined)
  .filter(isInTurn);

export function assertWell(trials: readonly Trial[]): void {
  assert.deepEqual(listViolations(trials), []);
  assert.ok(trials.length > 0 && trials.every(({ orders }) => orders > 0));
}
