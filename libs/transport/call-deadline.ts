import { ContextError } from '#libs/contracts';
import type { CallContext } from './call-context.js';

/**
 * How long somebody waits for a piece of work: never longer than whoever waits for them. Its signal is aborted when the
 * time is over, with `deadline_exceeded`, or when the caller has left, with `cancelled`. It must be released.
 */
export class CallDeadline {
  /** Milliseconds since 1970. */
  readonly at: number;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly parent: AbortSignal | undefined;
  private readonly follow = (): void => this.controller.abort(this.parent?.reason);

  constructor(timeoutMs: number, parent: Pick<CallContext, 'deadline' | 'signal'> = {}) {
    const now = Date.now();
    this.at = Math.min(now + timeoutMs, parent.deadline ?? Infinity);
    this.timer = setTimeout(
      () => this.controller.abort(ContextError.of('deadline_exceeded')),
      Math.max(0, this.at - now),
    );
    this.parent = parent.signal;
    if (this.parent?.aborted) this.follow();
    this.parent?.addEventListener('abort', this.follow, { once: true });
    if (this.at <= now) this.controller.abort(ContextError.of('deadline_exceeded'));
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get remainingMs(): number {
    return Math.max(0, this.at - Date.now());
  }

  /** Nobody waits any more, for another reason than time. */
  cancel(): void {
    this.controller.abort(ContextError.of('cancelled'));
  }

  /** Waits for the work, or rejects with the signal's reason when that comes first. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal.reason as Error);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Resolves after a pause; rejects with the signal's reason when that comes first. */
  async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.race(new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))));
    } finally {
      clearTimeout(timer);
    }
  }

  release(): void {
    clearTimeout(this.timer);
    this.parent?.removeEventListener('abort', this.follow);
  }
}
