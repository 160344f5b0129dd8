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

/** A change of the placement, which takes a step for each process that starts for it. */
export interface Move {
  readonly whole: Window;
  /** What takes over starts. */
  readonly starting: readonly Window[];
  /** Callers and owners change. */
  readonly moving: readonly Window[];
}

/**
 * Carries a change out, at the socket of the product, so that it is no load of the kind that is measured.
 * @throws Error when it is refused or rolled back
 */
export async function carryOut(dataDir: string, request: object): Promise<Move> {
  const from = performance.now();
  const windows = { starting: [] as Window[], moving: [] as Window[] };
  let { change } = await ask(dataDir, request);
  let isStarting = true;
  let since = from;
  const close = (): void => {
    const to = performance.now();
    windows[isStarting ? 'starting' : 'moving'].push({ from: since, to });
    since = to;
  };
  while (change?.endedAt === null) {
    if (isStarting !== (change.stage === 'starting')) {
      close();
      isStarting = !isStarting;
    }
    await pause(LOOK_EVERY_MS);
    ({ change } = await ask(dataDir, { action: 'show' }));
  }
  close();
  if (change?.stage !== 'drained' || change.error !== null)
    throw new Error(`${change?.what} is ${change?.stage}: ${change?.error}`);
  return { ...windows, whole: { from, to: since } };
}

async function ask(dataDir: string, request: object): Promise<ControlView> {
  const { status, answer } = await askControl(dataDir, request);
  if (status !== 200) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer as ControlView;
}
