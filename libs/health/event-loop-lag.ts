import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const WINDOWS = 3;

/**
 * How late the event loop is, as its 99th percentile in windows of two seconds. A process that was frozen for a moment
 * has been late once; one that has too much to do is late in every window.
 */
export class EventLoopLag {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly windows: number[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly windowMs = 2_000) {}

  start(): void {
    this.histogram.enable();
    this.timer = setInterval(() => this.closeWindow(), this.windowMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  /** By how many milliseconds it was late in each of the last windows, at least; 0 before there are as many. */
  get lastingMs(): number {
    return this.windows.length < WINDOWS ? 0 : Math.min(...this.windows);
  }

  private closeWindow(): void {
    // What is measured is the time between two ticks, and not by how much it was too long.
    this.windows.push(Math.max(0, this.histogram.percentile(99) / 1e6 - RESOLUTION_MS));
    if (this.windows.length > WINDOWS) this.windows.shift();
    this.histogram.reset();
  }
}
