import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { OwnProcess } from '@fissile/kit/rpc';
import { backoff } from '@fissile/kit/async';
import type { TopologyRequest } from '@fissile/kit/operations';
import type { PlacementCommand } from '../placement/placement-commands.js';
import type { FromProcess, ToProcess } from './process-messages.js';

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
  /** It asks for a change of the topology; the answer goes back as it is. */
  asked(request: TopologyRequest): Promise<Omit<Extract<ToProcess, { answer: number }>, 'answer'>>;
}

/** A process to start: which instance of it, and under which name it is shown. */
export interface WorkerProcess extends OwnProcess {
  /** Counted from 1. */
  readonly instance: number;
  readonly shownAs: string;
}

/** One process of the topology: started, started again when it crashes, stopped when asked to. */
export class Worker {
  /** Of a link that signs the first admin in, which it made when it was ready. */
  signInToken: string | undefined;
  private child: ChildProcess | undefined;
  private wasReady = false;
  private isReady = false;
  private stopping = false;
  private crashes = 0;
  private startedAt = 0;
  private endedAt: Date | undefined;
  private restart: NodeJS.Timeout | undefined;
  private commanded = 0;
  private readonly commands = new Map<number, PromiseWithResolvers<void>>();

  /** @param environment of the process, which is asked for at each start */
  constructor(
    readonly process: WorkerProcess,
    private readonly environment: () => NodeJS.ProcessEnv,
    private readonly events: WorkerEvents,
  ) {}

  get state(): 'running' | 'starting' | 'stopped' {
    if (this.isReady) return 'running';
    return this.isAlive || this.restart !== undefined ? 'starting' : 'stopped';
  }

  /** When it ended by itself, until it is ready again or is stopped. */
  get downSince(): Date | undefined {
    return this.endedAt;
  }

  get pid(): number | undefined {
    return this.isAlive ? this.child?.pid : undefined;
  }

  /** Whether it was stopped, and is not started again. */
  get isHalted(): boolean {
    return this.stopping;
  }

  /** For the first time, or again after a stop. */
  start(): void {
    this.cancelRestart();
    this.stopping = false;
    this.wasReady = false;
    this.spawn();
  }

  private spawn(): void {
    this.restart = undefined;
    const program = process.argv[1] as string;
    // A group of its own: Ctrl-C reaches the supervisor alone, which stops the processes in order.
    const child = spawn(process.execPath, [...process.execArgv, program], {
      env: { ...this.environment(), INSTANCE: String(this.process.instance), FISSILE_SUPERVISED: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child = child;
    this.startedAt = Date.now();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.events.line(line));
    }
    child.on('message', (message: FromProcess) => void this.take(child, message));
    child.on('exit', (code, signal) => this.afterExit(signal ?? `code ${code}`));
  }

  /** Resolves when the process has done it, and rejects when it cannot, or ends first. */
  send(what: PlacementCommand): Promise<void> {
    const { child } = this;
    if (!child?.connected) return Promise.reject(new Error(`${this.process.shownAs} does not run`));
    const id = (this.commanded += 1);
    const command = Promise.withResolvers<void>();
    this.commands.set(id, command);
    child.send({ command: id, what } satisfies ToProcess);
    return command.promise;
  }

  private async take(child: ChildProcess, message: FromProcess): Promise<void> {
    if ('ready' in message) {
      this.wasReady = true;
      this.isReady = true;
      this.endedAt = undefined;
      this.signInToken = message.signInToken;
      this.events.ready(child.pid);
    } else if ('done' in message) {
      const command = this.commands.get(message.done);
      this.commands.delete(message.done);
      if (message.error === undefined) command?.resolve();
      else command?.reject(new Error(message.error));
    } else {
      const answer = await this.events.asked(message.request);
      if (child.connected) child.send({ answer: message.ask, ...answer } satisfies ToProcess);
    }
  }

  /** Stops it in order. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.endedAt = undefined;
    this.cancelRestart();
    const { child } = this;
    if (!child || !this.isAlive) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private cancelRestart(): void {
    clearTimeout(this.restart);
    this.restart = undefined;
  }

  private get isAlive(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private afterExit(outcome: string): void {
    this.isReady = false;
    for (const { reject } of this.commands.values()) reject(new Error(`${this.process.shownAs} has ended`));
    this.commands.clear();
    if (this.stopping) return;
    this.endedAt ??= new Date();
    if (!this.wasReady) return this.events.ended(outcome, undefined);
    if (Date.now() - this.startedAt > STEADY_AFTER_MS) this.crashes = 0;
    const pauseMs = backoff(this.crashes, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS });
    this.crashes += 1;
    this.events.ended(outcome, pauseMs);
    this.restart = setTimeout(() => this.spawn(), pauseMs);
  }
}
