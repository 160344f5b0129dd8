import { setTimeout as pause } from 'node:timers/promises';
import { backoff } from '@fissile/kit/async';
import type { ConsulAnswer, ConsulClient } from './consul-client.js';

export interface WatchListener {
  /**
   * What is under the path now: at first, and after each change. undefined when there is nothing. When it throws, the answer
   * counts as none.
   */
  readonly onChange: (body: string | undefined) => void;
  /** Called once when Consul stops answering, however long that lasts. */
  readonly onLost: (reason: string) => void;
  /** Called once when it answers again, after what it says. */
  readonly onFound: () => void;
}

const WAIT_S = 30;
/** Consul adds up to a sixteenth to the requested wait. */
const ANSWERED_WITHIN_MS = WAIT_S * 1_000 * (1 + 1 / 16) + 5_000;
/** Between answers, so that keys which change all the time do not keep both sides busy. */
const PACE_MS = 100;
/** Between answers that do not say what to wait beyond. */
const POLL_MS = 1_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 3_000;

/** Polls Consul for the keys under a path with blocking queries, which it answers when one changes. */
export class ConsulWatch {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private index = 0;
  private failures = 0;
  private reported: string | undefined;
  private hasReported = false;

  constructor(
    private readonly client: ConsulClient,
    /** With a query or without. */
    private readonly path: string,
    private readonly listener: WatchListener,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      const pauseMs = await this.askOnce();
      await pause(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** @returns how long to wait before the next time */
  private async askOnce(): Promise<number> {
    try {
      const answer = await this.client.ask(this.query(), {
        timeoutMs: ANSWERED_WITHIN_MS,
        signal: this.stopping.signal,
      });
      this.answered(answer);
      return answer.index > 0 ? PACE_MS : POLL_MS;
    } catch (error) {
      if (this.isStopping) return 0;
      return this.failed(error instanceof Error ? error.message : String(error));
    }
  }

  private query(): string {
    if (this.index === 0) return this.path;
    return `${this.path}${this.path.includes('?') ? '&' : '?'}index=${this.index}&wait=${WAIT_S}s`;
  }

  private answered({ index, body }: ConsulAnswer): void {
    if (!this.hasReported || body !== this.reported) this.listener.onChange(body);
    this.hasReported = true;
    this.reported = body;
    // An index that goes back was that of another history, such as before a restored snapshot: begin again.
    this.index = index < this.index ? 0 : index;
    if (this.failures > 0) this.listener.onFound();
    this.failures = 0;
  }

  private failed(reason: string): number {
    if (this.failures === 0) this.listener.onLost(reason);
    this.failures += 1;
    // What changed meanwhile, or whether it is the same Consul, is not known.
    this.index = 0;
    const longest = backoff(this.failures - 1, { first: FIRST_RETRY_MS, longest: LAST_RETRY_MS });
    return longest * (0.5 + Math.random() / 2);
  }
}
