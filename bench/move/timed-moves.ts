import { setTimeout as pause } from 'node:timers/promises';
import type { ControlView } from '@fissile/kit/operations';
import { askControl } from '@fissile/kit/host';

/** A move may take no longer than this. */
const LOOK_EVERY_MS = 5;

/** A time in milliseconds of `performance.now()`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** When a move was asked for, and between which times callers and owners changed. */
export interface Move {
  readonly starting: Window;
  readonly moving: Window;
}

/**
 * Carries a change out, at the socket of the product, so that it is no load of the kind that is measured.
 * @throws Error when it is refused or rolled back
 */
export async function carryOut(dataDir: string, request: object): Promise<Move> {
  const askedAt = performance.now();
  let { change } = await ask(dataDir, request);
  let readyAt: number | undefined;
  while (change?.endedAt === null) {
    await pause(LOOK_EVERY_MS);
    ({ change } = await ask(dataDir, { action: 'show' }));
    if (change?.stage !== 'starting') readyAt ??= performance.now();
  }
  const endedAt = performance.now();
  if (change?.stage !== 'drained') throw new Error(`${change?.what} is ${change?.stage}: ${change?.error}`);
  readyAt ??= endedAt;
  return { starting: { from: askedAt, to: readyAt }, moving: { from: readyAt, to: endedAt } };
}

async function ask(dataDir: string, request: object): Promise<ControlView> {
  const { status, answer } = await askControl(dataDir, request);
  if (status !== 200) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer as ControlView;
}
