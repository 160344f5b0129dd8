/** How the work of a background loop goes. Times are in milliseconds since 1970. */
export interface LoopReport {
  readonly name: string;
  /** The pause after it, unless something wakes it before. */
  readonly pauseMs: number;
  readonly isAtWork: boolean;
  /** Of the last time, which may be under way. */
  readonly startedAtMs: number | undefined;
  /** Of the last time that has ended, as those that follow. */
  readonly endedAtMs: number | undefined;
  readonly durationMs: number | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
  readonly succeededAtMs: number | undefined;
  /** When it goes on at the latest; undefined while it is at work. */
  readonly nextAtMs: number | undefined;
  /** How often it has ended since its start, and how often by a failure. */
  readonly runs: number;
  readonly failures: number;
}

/** Those of this process that have been started, and not stopped. */
const started = new Set<LoopProgress>();

/** What goes on in the background of this process, by name. */
export function loopReports(): LoopReport[] {
  return [...started].map((loop) => loop.report()).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Keeps of one loop what the last time was like, and no history: a loop costs the same for ever. */
export class LoopProgress {
  private isAtWork = false;
  private startedAtMs: number | undefined;
  private endedAtMs: number | undefined;
  private durationMs: number | undefined;
  private succeededAtMs: number | undefined;
  private nextAtMs: number | undefined;
  private error: string | undefined;
  private runs = 0;
  private failures = 0;

  constructor(
    private readonly name: string,
    private readonly pauseMs: number,
  ) {}

  start(): void {
    started.add(this);
  }

  stop(): void {
    started.delete(this);
  }

  begin(): void {
    this.isAtWork = true;
    this.startedAtMs = Date.now();
    this.nextAtMs = undefined;
  }

  /** @param error why it failed; undefined when it did not */
  end(error: string | undefined): void {
    const now = Date.now();
    this.isAtWork = false;
    this.durationMs = now - (this.startedAtMs ?? now);
    this.endedAtMs = now;
    this.error = error;
    this.runs += 1;
    if (error === undefined) this.succeededAtMs = now;
    else this.failures += 1;
  }

  pauseFor(ms: number): void {
    this.nextAtMs = Date.now() + ms;
  }

  report(): LoopReport {
    const { name, pauseMs, isAtWork, startedAtMs, endedAtMs, durationMs } = this;
    const { error, succeededAtMs, nextAtMs, runs, failures } = this;
    const last = { startedAtMs, endedAtMs, durationMs, error, succeededAtMs };
    return { name, pauseMs, isAtWork, ...last, nextAtMs, runs, failures };
  }
}
