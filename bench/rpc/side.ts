import { runClients } from '../clients.js';
import type { Served } from '../figures.js';
import { checkAnswer } from './sample.js';

/** Makes the call that is measured. */
export type Call = () => Promise<unknown>;

/** What the benchmark asks of the caller's side. */
export interface Load {
  readonly concurrency: number;
  readonly seconds: number;
}

/** What a side tells, one at a time. */
export interface Told {
  /** It can be used. */
  readonly stands: true;
  readonly served: Served;
}

/** Where the two sides meet. */
export interface Meeting {
  readonly role: 'caller' | 'callee';
  readonly transport: string;
  readonly port: number;
  /** The address of the broker; empty where there is none. */
  readonly broker: string;
}

/** Reads where the benchmark that started this process wants it. */
export function readMeeting(): Meeting {
  const { BENCH_ROLE, BENCH_TRANSPORT = '', BENCH_PORT, BENCH_BROKER = '' } = process.env;
  const role = BENCH_ROLE === 'caller' ? 'caller' : 'callee';
  return { role, transport: BENCH_TRANSPORT, port: Number(BENCH_PORT), broker: BENCH_BROKER };
}

/** Does what the benchmark asks from now on. @param call what the caller's side makes */
export async function standReady(call?: Call): Promise<void> {
  if (call) checkAnswer(await call());
  process.on('message', (load: Load) => {
    if (call) void runClients(load, call).then((served) => tell({ served }));
  });
  // Whoever started this process may have died.
  process.on('disconnect', () => process.exit());
  tell({ stands: true });
}

function tell(told: Partial<Told>): void {
  process.send?.(told);
}
