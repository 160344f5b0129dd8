import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { until } from './until.js';

/** Seven processes that start at once share two cores, and a loaded machine is several times slower. */
export const START_TIMEOUT_MS = 150_000;

/** A compile cache shared by all tests. */
const COMPILE_CACHE = process.env['NODE_COMPILE_CACHE'] ?? resolve('node_modules/.cache/compile-cache');

export interface ProgramOptions {
  readonly cwd?: string | undefined;
  /** A file that collects its output, for other processes to read. */
  readonly outputFile?: string | undefined;
}

/** One of the product's programs, started as in production. */
export class Program {
  private text = '';
  private readonly child: ChildProcess;

  /** @param main such as `dist/apps/alpha/src/main.js`, optionally with a command */
  constructor(main: string, env: NodeJS.ProcessEnv, options: ProgramOptions = {}) {
    const { cwd = process.cwd(), outputFile } = options;
    const [file = '', ...words] = main.split(' ');
    this.child = spawn(process.execPath, [resolve(file), ...words], {
      cwd,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        LOG_FORMAT: 'json',
        // Programs have no compile cache in production mode, which benchmarks use.
        ...(env['NODE_ENV'] !== 'production' && { NODE_COMPILE_CACHE: COMPILE_CACHE }),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.text += chunk;
        if (outputFile !== undefined) appendFileSync(outputFile, chunk);
      });
    }
  }

  /** All its output. */
  get output(): string {
    return this.text;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until it listens. Returns the URL of its HTTP server. */
  async listens(): Promise<string> {
    const outcome = await until(
      'the program listens',
      () => (this.hasEnded ? 'ended' : /listening on (http:\S+)/.exec(this.text)?.[1]),
      START_TIMEOUT_MS,
    );
    if (outcome === 'ended') throw new Error(`it ended with ${this.child.exitCode}:\n${this.text}`);
    return outcome;
  }

  /** Waits until it exits by itself. Returns its exit code. */
  async ends(): Promise<number | null> {
    await until('the program ends', () => this.hasEnded, START_TIMEOUT_MS);
    return this.child.exitCode;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Sends it a signal, such as SIGSTOP, and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it gracefully, or with another signal. Returns its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.hasEnded) return this.child.exitCode;
    const ended = new Promise<void>((done) => this.child.once('exit', () => done()));
    this.child.kill(signal);
    await ended;
    return this.child.exitCode;
  }
}
