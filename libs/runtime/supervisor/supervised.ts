/** What a supervised process reports to its supervisor once it is ready. */
export interface ReadyMessage {
  readonly ready: true;
}

/** This process as one that may have a supervisor: without it, nothing would stop the process any more. */
export class Supervised {
  private running: { stop(): Promise<void> } | undefined;

  /** @param timeoutMs how long a stop may take when the supervisor is gone */
  constructor(private readonly timeoutMs: number) {
    if (this.isSupervised) process.on('disconnect', () => this.end());
  }

  /** Reports to the supervisor, if there is one, that this process is ready. */
  isReady(running: { stop(): Promise<void> }): void {
    this.running = running;
    if (process.connected) process.send?.({ ready: true } satisfies ReadyMessage);
    else if (this.isSupervised) this.end();
  }

  get isSupervised(): boolean {
    return process.send !== undefined && process.env['FISSILE_SUPERVISED'] !== undefined;
  }

  private end(): void {
    // Not process.exit(): that would wait for ever to flush logs into a pipe that is not read any more.
    const exit = (): boolean => process.kill(process.pid, 'SIGKILL');
    setTimeout(exit, this.timeoutMs).unref();
    if (this.running) void this.running.stop().finally(exit);
    else exit();
  }
}
