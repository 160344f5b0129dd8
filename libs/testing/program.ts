import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { until } from './until.js';

/** One of the product's programs, run as it is started in production. */
export class Program {
  private text = '';
  private readonly child: ChildProcess;

  /** @param main such as `dist/apps/orders/src/main.js` */
  constructor(main: string, env: Readonly<Record<string, string>>, cwd = process.cwd()) {
    this.child = spawn(process.execPath, [resolve(main)], {
      cwd,
      env: { PATH: process.env['PATH'], NODE_ENV: 'test', LOG_FORMAT: 'json', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    }
  }

  get output(): string {
    return this.text;
  }

  /** Waits until it listens. Gives the address of its HTTP server. */
  async listens(): Promise<string> {
    const outcome = await until(
      'the program listens',
      () => (this.hasEnded ? 'ended' : /listening on (http:\S+)/.exec(this.text)?.[1]),
      60_000,
    );
    if (outcome === 'ended') throw new Error(`it ended instead:\n${this.text}`);
    return outcome;
  }

  /** Waits until it ends by itself. Gives its exit code. */
  async ends(): Promise<number | null> {
    await until('the program ends', () => this.hasEnded, 60_000);
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    await this.ends();
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
