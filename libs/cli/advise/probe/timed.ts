import { setTimeout as pause } from 'node:timers/promises';

/** Something that is done again and again, one after the other. */
export interface TimedWork {
  once(): Promise<unknown>;
  /** A second; without it the next one begins when the one before has ended. */
  readonly perSecond?: number | undefined;
  readonly until: { readonly seconds: number } | { readonly calls: number };
}

export interface Timed {
  readonly count: number;
  /** Half of them took at most that long. */
  readonly medianMs: number;
}

/** What failed is not counted: a machine that is busy with other things may not answer in time. */
export async function timed({ once, perSecond, until }: TimedWork): Promise<Timed> {
  const took: number[] = [];
  const startedAt = performance.now();
  let tried = 0;
  const isOver = (): boolean =>
    'calls' in until ? tried >= until.calls : performance.now() >= startedAt + until.seconds * 1_000;
  for (let due = startedAt; !isOver(); tried += 1) {
    const began = performance.now();
    const isDone = await once().then(
      () => true,
      () => false,
    );
    if (isDone) took.push(performance.now() - began);
    if (perSecond === undefined) continue;
    due += 1_000 / perSecond;
    await pause(Math.max(0, due - performance.now()));
  }
  took.sort((one, other) => one - other);
  return { count: took.length, medianMs: took[Math.floor(took.length / 2)] ?? Number.NaN };
}
