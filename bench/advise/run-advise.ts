import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';

export interface Predicted {
  readonly label: string;
  readonly cpuMicros: number;
  readonly medianMs: number | null;
  readonly residentBytes: number;
}

/** What of the answer of `fissile advise --json` is compared. */
export interface Advised {
  readonly predictions: readonly Predicted[];
  readonly advice: { readonly label: string; readonly reason: string };
  readonly measured: object;
  readonly costs: object;
}

export interface AdviseRun {
  readonly url: string;
  readonly token: string;
  readonly seconds: number;
  /** The topologies that it judges. */
  readonly file: string;
  /** Is told when the product has been measured, and the load may end. */
  onMeasured(): void;
}

/** What the command says when it measures the machine. */
const NEXT = 'starts three processes';

/** Runs the command as an operator does. @throws Error with what it refuses */
export async function runAdvise({ url, token, seconds, file, onMeasured }: AdviseRun): Promise<Advised> {
  const words = ['--url', url, '--seconds', String(seconds), '--topologies', file, '--json'];
  const child = spawn(process.execPath, [resolve('libs/dist/cli/main.js'), 'advise', ...words], {
    env: { PATH: process.env['PATH'], ADMIN_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes(NEXT)) onMeasured();
  });
  try {
    return (await json(child.stdout)) as Advised;
  } catch (error) {
    throw new Error(`fissile advise: ${said}`, { cause: error });
  }
}
