import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../command-error.js';
import type { Answer, Order, Usage } from './probe-messages.js';
import type { Timed } from './timed.js';

const PROGRAM = fileURLToPath(new URL('./probe-process.js', import.meta.url));
const ANSWERS_WITHIN_MS = 180_000;
const KEPT_OUTPUT = 2_000;

type Reported<K> = Extract<Answer, { readonly [Name in K & string]: unknown }>;

/** One of the processes of the probe, from the outside. */
export class ProbeChild {
  private readonly child: ChildProcess;
  private output = '';

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.child = fork(PROGRAM, { cwd, env, silent: true });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.output = (this.output + text).slice(-KEPT_OUTPUT)));
    }
  }

  async isReady(): Promise<void> {
    await this.receives('ready');
  }

  async usage(): Promise<Usage> {
    return (await this.ask({ what: 'usage' }, 'usage')).usage;
  }

  async makeCalls(order: Omit<Extract<Order, { what: 'calls' }>, 'what'>): Promise<Timed> {
    return (await this.ask({ what: 'calls', ...order }, 'made')).made;
  }

  /** It exits by itself when its channel disconnects. */
  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private ask<K extends 'usage' | 'made'>(order: Order, what: K): Promise<Reported<K>> {
    const answered = this.receives(what);
    this.child.send(order);
    return answered;
  }

  private receives<K extends 'ready' | 'usage' | 'made'>(what: K): Promise<Reported<K>> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.child.off('message', onMessage).off('exit', onExit);
      };
      const onMessage = (answer: Answer): void => {
        if (!(what in answer)) return;
        done();
        resolve(answer as Reported<K>);
      };
      const onExit = (): void => {
        done();
        reject(new CommandError(`Nothing can be measured on this machine:\n${this.output}`));
      };
      const timer = setTimeout(onExit, ANSWERS_WITHIN_MS);
      this.child.on('message', onMessage).on('exit', onExit);
    });
  }
}
