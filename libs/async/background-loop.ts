import { Logger } from '@nestjs/common';
import { LoopProgress } from './loop-progress.js';

/** Repeats a piece of background work: at once while there is more, else when woken or after a pause. */
export class BackgroundLoop {
  private readonly logger = new Logger(BackgroundLoop.name);
  private readonly progress: LoopProgress;
  private running: Promise<void> | undefined;
  private stopping = false;
  private wokenEarly = false;
  private wakeAt = Infinity;
  private endPause: (() => void) | undefined;
  private endBatchWindow: (() => void) | undefined;

  /**
   * @param work gives true when there may be more to do at once. A failure is logged and tried again later.
   * @param batchWindowMs how long after it was woken it begins, so that what comes in the meantime is done with it
   */
  constructor(
    private readonly name: string,
    private readonly pauseMs: number,
    private readonly work: () => Promise<boolean>,
    private readonly batchWindowMs = 0,
  ) {
    this.progress = new LoopProgress(name, pauseMs);
  }

  /** Also after a stop. */
  start(): void {
    this.stopping = false;
    this.progress.start();
    this.running ??= this.run();
  }

  /** Ends the pause. When the work is under way, it is done once more afterwards. */
  wake(): void {
    this.wokenEarly = true;
    this.endPause?.();
  }

  /** Called by the work: ends the pause that follows it after a while, if nothing does before. */
  wakeIn(ms: number): void {
    this.wakeAt = Date.now() + ms;
  }

  /** Resolves when the work that is under way has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.endPause?.();
    this.endBatchWindow?.();
    await this.running;
    this.running = undefined;
    this.progress.stop();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.wokenEarly = false;
      this.wakeAt = Infinity;
      const more = await this.workOnce();
      if (more) continue;
      if (!this.wokenEarly) await this.pause();
      if (this.wokenEarly && this.batchWindowMs > 0) await this.waitForBatch();
    }
  }

  private async workOnce(): Promise<boolean> {
    this.progress.begin();
    try {
      const more = await this.work();
      this.progress.end(undefined);
      return more;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.progress.end(message);
      this.logger.warn(`${this.name} failed and will be retried: ${message}`);
      return false;
    }
  }

  private waitForBatch(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.batchWindowMs);
      this.endBatchWindow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private pause(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const pauseMs = Math.min(this.pauseMs, Math.max(0, this.wakeAt - Date.now()));
      this.progress.pauseFor(pauseMs);
      const timer = setTimeout(resolve, pauseMs);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
