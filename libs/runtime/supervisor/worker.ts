import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { OwnProcess } from '@fissile/kit/rpc';
import { backoff } from '@fissile/kit/async';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** A process that has been up this long has got over whatever ended it before. */
const STEADY_AFTER_MS = 30_000;

export interface WorkerEvents {
  /** A line that it printed. */
  line(text: string): void;
  /** It can be used, for the first time or again. */
  ready(pid: number | undefined): void;
  /** It ended by itself; undefined when it never was ready and is not started again. */
  ended(outcome: string, restartInMs: number | undefined): void;
}

/** A process to start: which instance of it, and under which name it is shown. */
export interface WorkerProcess extends OwnProcess {
  /** Counted from 1. */
  readonly instance: number;
  readonly shownAs: string;
}

/** One process of the topology: started, started again when it crashes, stopped when asked to. */
export class Worker {
  private child: ChildProcess | undefined;
  private wasReady = false;
  private stopping = false;
  private crashes = 0;
  private startedAt = 0;
  private restart: NodeJS.Timeout | undefined;

  constructor(
    readonly process: WorkerProcess,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly events: WorkerEvents,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const program = process.argv[1] as string;
    const { hosts, instance } = this.process;
    // A group of its own: Ctrl-C reaches the supervisor alone, which stops the processes in order.
    const child = spawn(process.execPath, [...process.execArgv, program], {
      env: {
        ...this.environment,
        HOSTS: hosts.join(','),
        INSTANCE: String(instance),
        FISSILE_SUPERVISED: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child = child;
    this.startedAt = Date.now();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.events.line(line));
    }
    child.on('message', () => {
      this.wasReady = true;
      this.events.ready(child.pid);
    });
    child.on('exit', (code, signal) => this.afterExit(signal ?? `code ${code}`));
  }

  /** Stops it in order. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private afterExit(outcome: string): void {
    if (this.stopping) return;
    if (!this.wasReady) return this.events.ended(outcome, undefined);
    if (Date.now() - this.startedAt > STEADY_AFTER_MS) this.crashes = 0;
    const pauseMs = backoff(this.crashes, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS });
    this.crashes += 1;
    this.events.ended(outcome, pauseMs);
    this.restart = setTimeout(() => this.start(), pauseMs);
  }
}
