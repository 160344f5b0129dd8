/** What woke a waiting reader: a write, the loss of its source, or its own timeout. */
type Woken = 'written' | 'abandoned' | 'gave up';

/** The index that every write increments, as Consul's log does, and the readers that wait for the next write. */
export class RaftIndex {
  private readonly waiting = new Set<(woken: Woken) => void>();

  constructor(private last = 11) {}

  get value(): number {
    return this.last;
  }

  /** The number of readers that wait now. */
  get readersWaiting(): number {
    return this.waiting.size;
  }

  /** The index of a new write. Waiting readers check again when the write has completed. */
  advance(): number {
    this.last += 1;
    queueMicrotask(() => this.wake('written'));
    return this.last;
  }

  /** Simulates a restored snapshot: the index returns to its old value, and all readers stop waiting. */
  restore(index: number): void {
    this.last = index;
    this.wake('abandoned');
  }

  wait(signal: AbortSignal): Promise<Woken> {
    return new Promise((resolve) => {
      const giveUp = (): void => settle('gave up');
      const settle = (woken: Woken): void => {
        this.waiting.delete(settle);
        signal.removeEventListener('abort', giveUp);
        resolve(woken);
      };
      if (signal.aborted) return settle('gave up');
      signal.addEventListener('abort', giveUp);
      this.waiting.add(settle);
    });
  }

  private wake(woken: Woken): void {
    for (const settle of [...this.waiting]) settle(woken);
  }
}
