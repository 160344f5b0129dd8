import { setTimeout as pause } from 'node:timers/promises';

/** Makes one call to the far side. */
export type Call = (userIds: string[]) => Promise<unknown>;

/** What a process of the probe is asked for. */
export type Order =
  | { readonly what: 'usage' }
  | {
      readonly what: 'calls';
      /** Calls a second; without it the next one is made when the one before was answered. */
      readonly perSecond: number | undefined;
      readonly seconds: number;
      /** The ids that each call carries, there and back. */
      readonly ids: number;
    };

export interface Usage {
  /** Microseconds of this process so far. */
  readonly cpu: number;
  readonly residentBytes: number;
}

export interface CallsMade {
  readonly calls: number;
  /** Half of them took at most that long. */
  readonly medianMs: number;
}

export type Answer = { readonly ready: true } | { readonly usage: Usage } | { readonly made: CallsMade };

const AN_ID = '01890000-0000-7000-8000-000000000000';

/** Does what the parent process orders from now on. */
export function reportReady(call?: Call): void {
  process.on('message', (order: Order) => void carryOut(order, call).then(answer));
  // The parent process may have died.
  process.on('disconnect', () => process.exit());
  answer({ ready: true });
}

function answer(answered: Answer): void {
  process.send?.(answered);
}

async function carryOut(order: Order, call: Call | undefined): Promise<Answer> {
  if (order.what === 'calls' && call) return { made: await makeCalls(order, call) };
  const { user, system } = process.cpuUsage();
  return { usage: { cpu: user + system, residentBytes: process.memoryUsage.rss() } };
}

async function makeCalls(
  { perSecond, seconds, ids }: Extract<Order, { what: 'calls' }>,
  call: Call,
): Promise<CallsMade> {
  const userIds = Array<string>(ids).fill(AN_ID);
  const took: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  for (let due = startedAt; performance.now() < endAt;) {
    const began = performance.now();
    await call(userIds);
    took.push(performance.now() - began);
    if (perSecond === undefined) continue;
    due += 1_000 / perSecond;
    await pause(Math.max(0, due - performance.now()));
  }
  took.sort((one, other) => one - other);
  return { calls: took.length, medianMs: took[Math.floor(took.length / 2)] ?? Number.NaN };
}
