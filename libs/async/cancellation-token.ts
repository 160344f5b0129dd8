import { asError } from './as-error.js';

/**
 * Notifies its listeners, once, that a piece of work is cancelled, and why. It does what an AbortSignal does, at a
 * fraction of the cost for calls that complete in time; a signal is created on demand.
 */
export class CancellationToken {
  private because: Error | undefined;
  private listeners: Set<() => void> | undefined;
  private controller: AbortController | undefined;

  /** Why it was cancelled; undefined while somebody waits. */
  get reason(): Error | undefined {
    return this.because;
  }

  /** The first reason stays. */
  cancel(reason: Error): void {
    if (this.because) return;
    this.because = reason;
    this.controller?.abort(reason);
    const { listeners } = this;
    this.listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  /** Calls the listener when it is cancelled, at once when it is already. */
  onCancel(listener: () => void): void {
    if (this.because) listener();
    else (this.listeners ??= new Set()).add(listener);
  }

  offCancel(listener: () => void): void {
    this.listeners?.delete(listener);
  }

  /** For what takes signals; the reason of its abort is that of the cancellation. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.because) this.controller.abort(this.because);
    }
    return this.controller.signal;
  }

  throwIfCancelled(): void {
    if (this.because) throw this.because;
  }

  /** Waits for the work, or rejects with the reason of the cancellation when that comes first. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const onCancel = (): void => reject(asError(this.because));
      this.onCancel(onCancel);
      work.then(
        (answer) => {
          this.offCancel(onCancel);
          resolve(answer);
        },
        (error: unknown) => {
          this.offCancel(onCancel);
          reject(asError(error));
        },
      );
    });
  }
}
