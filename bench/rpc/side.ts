import { runClients } from '../clients.js';
import type { Served } from '../figures.js';
import { checkAnswer } from './sample.js';

/** Makes the measured call. */
export type Call = () => Promise<unknown>;

/** The benchmark's requests to the caller's side. */
export interface Load {
  readonly concurrency: number;
  readonly seconds: number;
}

/** The reports of a side, one at a time. */
export interface Report {
  /** It is ready. */
  readonly ready: true;
  readonly served: Served;
}

/** Where the two sides connect. */
export interface Meeting {
  readonly role: 'caller' | 'callee';
  readonly transport: string;
  readonly port: number;
  /** The address of the broker; empty where there is none. */
  readonly broker: string;
}

/** Reads the addresses that the benchmark passed to this process. */
export function readMeeting(): Meeting {
  const { BENCH_ROLE, BENCH_TRANSPORT = '', BENCH_PORT, BENCH_BROKER = '' } = process.env;
  const role = BENCH_ROLE === 'caller' ? 'caller' : 'callee';
  return { role, transport: BENCH_TRANSPORT, port: Number(BENCH_PORT), broker: BENCH_BROKER };
}

/** Handles the benchmark's requests from now on. @param call the caller's call */
export async function standReady(call?: Call): Promise<void> {
  if (call) checkAnswer(await call());
  process.on('message', (load: Load) => {
    if (call) void runClients(load, call).then((served) => report({ served }));
  });
  // The parent process may have died.
  process.on('disconnect', () => process.exit());
  report({ ready: true });
}

function report(content: Partial<Report>): void {
  process.send?.(content);
}
