import { ContextError } from '@fissile/kit/contract';
import type { CallContext } from './call-context.js';
import { CancellationToken } from '@fissile/kit/async';

/**
 * The deadline of a piece of work: never later than that of its caller. It ends when the time is over,
 * with `deadline_exceeded`, or when the caller has left, with `cancelled`. It must be released.
 */
export class CallDeadline extends CancellationToken {
  /** Milliseconds since 1970. */
  readonly at: number;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly parent: CancellationToken | undefined;
  private readonly follow = (): void => this.cancel(this.parent?.reason ?? ContextError.of('cancelled'));

  constructor(timeoutMs: number, parent: Pick<CallContext, 'deadline' | 'cancellation'> = {}) {
    super();
    const now = Date.now();
    this.at = Math.min(now + timeoutMs, parent.deadline ?? Infinity);
    this.parent = parent.cancellation;
    this.parent?.onCancel(this.follow);
    if (this.at <= now) this.expire();
    // Who has a deadline that is no later ends this one.
    else if (this.at !== parent.deadline || !this.parent) {
      this.timer = setTimeout(() => this.expire(), this.at - now);
    }
  }

  get remainingMs(): number {
    return Math.max(0, this.at - Date.now());
  }

  /** Cancels the work: for another reason than time, unless one is given. */
  override cancel(reason: Error = ContextError.of('cancelled')): void {
    super.cancel(reason);
  }

  /** Resolves after a pause; rejects with the reason of the cancellation when that comes first. */
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
    this.parent?.offCancel(this.follow);
  }

  private expire(): void {
    this.cancel(ContextError.of('deadline_exceeded'));
  }
}
