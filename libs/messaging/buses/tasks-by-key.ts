/** Runs tasks of one key one after the other, and different keys concurrently. */
export class TasksByKey {
  private readonly last = new Map<string, Promise<void>>();

  /** @param task never rejects */
  add(key: string, task: () => Promise<void>): void {
    const done = (this.last.get(key) ?? Promise.resolve()).then(task).finally(() => {
      if (this.last.get(key) === done) this.last.delete(key);
    });
    this.last.set(key, done);
  }

  /** Resolves when no task is left. */
  async finish(): Promise<void> {
    while (this.last.size > 0) await Promise.all(this.last.values());
  }
}
