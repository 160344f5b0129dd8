/** Milliseconds without an answer after which a caller asks for its call first; each time it waits twice as long. */
export const ASKED_AFTER_MS = 1_000;
/** Milliseconds in which whoever works on the call says so. */
export const SAID_WITHIN_MS = 1_000;

export interface WatchedCall {
  /** Asks all instances whether one of them works on the call. */
  ask(): void;
  /** No instance does: the call or its answer is lost. */
  sendAgain(): void;
}

/**
 * Notices that a broker has lost a call or its answer, as when the connection of an instance ends while either is on its way. A
 * broker that keeps nothing tells nobody, and the caller would wait until its deadline.
 */
export class CallWatch {
  private waitMs = ASKED_AFTER_MS;
  private timer: NodeJS.Timeout;

  constructor(private readonly call: WatchedCall) {
    this.timer = setTimeout(() => this.ask(), this.waitMs);
  }

  /** An instance has said that it works on the call, or it was sent again. */
  askLater(): void {
    clearTimeout(this.timer);
    this.waitMs *= 2;
    this.timer = setTimeout(() => this.ask(), this.waitMs);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private ask(): void {
    this.timer = setTimeout(() => {
      this.askLater();
      this.call.sendAgain();
    }, SAID_WITHIN_MS);
    this.call.ask();
  }
}
