import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { type Round, roundOf } from '../figures.js';
import { watchUsage } from '../usage.js';
import type { Competitor } from './competitors.js';
import type { Load, Report } from './side.js';

const ANSWERS_WITHIN_MS = 60_000;

/** A running competitor: two processes, or one when calls are in-process. */
export class Sides {
  private constructor(
    readonly competitor: Competitor,
    /** The caller's is the first. */
    private readonly sides: readonly Side[],
  ) {}

  /** @throws Error with the output of its processes */
  static async start(competitor: Competitor): Promise<Sides> {
    const { name, program, roles, env } = competitor;
    const sides: Side[] = [];
    try {
      // The callee starts before the caller.
      for (const role of roles.toReversed()) {
        const side = new Side(program, { ...env, BENCH_ROLE: role });
        sides.unshift(side);
        await side.receives('ready');
      }
    } catch (error) {
      for (const side of sides) side.stop();
      throw new Error(`${name} does not start: ${(error as Error).message}`, { cause: error });
    }
    return new Sides(competitor, sides);
  }

  async run(load: Load): Promise<Round> {
    const usage = watchUsage(this.sides.flatMap(({ pid = [] }) => pid));
    const served = await this.sides[0]?.makeCalls(load);
    if (!served) throw new Error(`${this.competitor.name} has no caller`);
    return roundOf(served, usage());
  }

  stop(): void {
    for (const side of this.sides) side.stop();
  }
}

/** One of the processes. */
class Side {
  private output = '';
  private readonly child: ChildProcess;

  constructor(program: string, env: NodeJS.ProcessEnv) {
    this.child = fork(resolve(`dist/bench/rpc/programs/${program}.js`), {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      silent: true,
      serialization: 'advanced',
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.output = (this.output + text).slice(-4_000)));
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  makeCalls(load: Load): Promise<Report['served']> {
    const served = this.receives('served');
    this.child.send(load);
    return served;
  }

  /** It exits by itself when its channel disconnects. */
  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }

  /** Resolves when the process reports this; other reports are ignored. */
  receives<K extends keyof Report>(what: K): Promise<Report[K]> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.child.off('message', onMessage).off('exit', onExit);
      };
      const onMessage = (reported: Partial<Report>): void => {
        if (!(what in reported)) return;
        done();
        resolve(reported[what] as Report[K]);
      };
      const onExit = (): void => {
        done();
        reject(new Error(`a process has exited, or does not respond:\n${this.output}`));
      };
      const timer = setTimeout(onExit, ANSWERS_WITHIN_MS);
      this.child.on('message', onMessage).on('exit', onExit);
    });
  }
}
