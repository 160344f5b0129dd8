import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { json, text } from 'node:stream/consumers';

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
}

/** Runs the command as an operator does. @throws Error with what it refuses */
export async function runAdvise({ url, token, seconds, file }: AdviseRun): Promise<Advised> {
  const words = ['--url', url, '--seconds', String(seconds), '--topologies', file, '--json'];
  const child = spawn(process.execPath, [resolve('libs/dist/cli/main.js'), 'advise', ...words], {
    env: { PATH: process.env['PATH'], ADMIN_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  try {
    return (await json(child.stdout)) as Advised;
  } catch (error) {
    throw new Error(`fissile advise: ${await said}`, { cause: error });
  }
}
