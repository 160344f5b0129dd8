import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { isProduction } from '@fissile/kit/config';
import { ContextError } from '@fissile/kit/contract';
import { AdviceReport, type AdviceView } from './advice.resources.js';

/** The command `fissile`, relative to the compiled file. */
const COMMAND = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
/** How the command ends a line that says what it does. */
const UNDER_WAY = ' …';
const CANCELLED = 'It was cancelled';

type Command = ChildProcessByStdio<null, Readable, Readable>;
type Run = NonNullable<AdviceView['run']>;

export interface AdviceToAskFor {
  /** Where this gateway serves operators. */
  readonly url: string;
  /** The access token of who asks. */
  readonly token: string;
  readonly seconds: number;
  readonly costSeconds: number;
}

/**
 * Runs `fissile advise` for who asks by the API, one at a time. It is a process of its own, so that what it measures is what it
 * would measure from a terminal. A stop of the gateway cancels it.
 */
@Injectable()
export class AdviceRuns implements OnModuleDestroy {
  private readonly logger = new Logger('Advice');
  private run: Run | null = null;
  private report: AdviceView['report'] = null;
  private current: { readonly child: Command; readonly end: Promise<void> } | undefined;

  view(): AdviceView {
    return { obstacle: obstacle(), run: this.run, report: this.report };
  }

  /** @throws ContextError advice_refused where nothing is measured, or while it is measured already */
  start({ url, token, seconds, costSeconds }: AdviceToAskFor): void {
    const reason = this.current ? 'It is measured already; wait for its end, or cancel it' : obstacle();
    if (reason !== null) throw ContextError.of('advice_refused', reason);
    const words = ['--url', url, '--seconds', String(seconds), '--cost-seconds', String(costSeconds)];
    const child = spawn(process.execPath, [COMMAND, 'advise', '--json', ...words], {
      env: { ...process.env, ADMIN_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run: Run = { startedAt: isoNow(), endedAt: null, step: 'starts', error: null };
    this.run = run;
    this.current = { child, end: this.follow(child, run) };
  }

  /** Resolves when nothing is under way any more. */
  async cancel(): Promise<void> {
    this.current?.child.kill();
    await this.current?.end;
  }

  async onModuleDestroy(): Promise<void> {
    await this.cancel();
  }

  private async follow(child: Command, run: Run): Promise<void> {
    const complaints: string[] = [];
    createInterface(child.stderr).on('line', (line) => {
      if (line.endsWith(UNDER_WAY)) run.step = line.slice(0, -UNDER_WAY.length);
      else complaints.push(line);
    });
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child
        .once('close', (code, signal) => resolve(code ?? signal))
        .once('error', (error) => complaints.push(error.message)),
    );
    const printed = await text(child.stdout);
    const status = await ended;
    if (status === 0) this.keep(printed, run);
    else run.error = child.killed ? CANCELLED : complaints.join('\n') || `The command ended with ${status}`;
    run.endedAt = isoNow();
    this.current = undefined;
    this.logger.log(run.error ?? `advises ${this.report?.advice.label}`);
  }

  private keep(printed: string, run: Run): void {
    try {
      this.report = { ...AdviceReport.parse(JSON.parse(printed)), measuredAt: run.startedAt };
    } catch (error) {
      this.logger.error(error);
      run.error = 'What the command printed is no advice; see the log';
    }
  }
}

const isoNow = (): string => new Date().toISOString();

/** Why nothing can be measured here. */
function obstacle(): string | null {
  if (isProduction())
    return 'In production nothing is measured from here, since it takes a processor for a while: run fissile advise --url on a machine like this one';
  if (!existsSync(COMMAND))
    return 'The command fissile is not installed here: run fissile advise --url elsewhere';
  return null;
}
