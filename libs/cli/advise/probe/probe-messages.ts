import { timed, type Timed, type TimedWork } from './timed.js';

/** Makes one call to the far side. */
export type Call = (userIds: string[]) => Promise<unknown>;

/** What a process of the probe is asked for. */
export type Order =
  | { readonly what: 'usage' }
  | {
      readonly what: 'calls';
      readonly perSecond: TimedWork['perSecond'];
      readonly until: TimedWork['until'];
      /** The ids that each call carries, there and back. */
      readonly ids: number;
    };

export interface Usage {
  /** Microseconds of this process so far. */
  readonly cpu: number;
  readonly residentBytes: number;
}

export type Answer = { readonly ready: true } | { readonly usage: Usage } | { readonly made: Timed };

const AN_ID = '01890000-0000-7000-8000-000000000000';

/** Does what the parent process asks for from now on. */
export function reportReady(call?: Call): void {
  process.on('message', (order: Order) => void carryOut(order, call).then(answer));
  answer({ ready: true });
}

function answer(answered: Answer): void {
  process.send?.(answered);
}

async function carryOut(order: Order, call: Call | undefined): Promise<Answer> {
  if (order.what === 'calls' && call) {
    const userIds = Array<string>(order.ids).fill(AN_ID);
    return { made: await timed({ ...order, once: () => call(userIds) }) };
  }
  const { user, system } = process.cpuUsage();
  return { usage: { cpu: user + system, residentBytes: process.memoryUsage.rss() } };
}
