/** A text as it is now: settings that come from files follow them. */
export type TextNow = () => string;

/** What a text means, read again when it has changed. */
export class LatestText<T> {
  private text: string;
  private value: T;
  private changes = 0;

  /** @throws Error as `parse` does, for the first text */
  constructor(
    private readonly textNow: TextNow,
    private readonly parse: (text: string) => T,
  ) {
    this.text = textNow();
    this.value = parse(this.text);
  }

  get now(): T {
    const text = this.textNow();
    if (text === this.text) return this.value;
    this.text = text;
    try {
      this.value = this.parse(text);
      this.changes += 1;
    } catch {
      // The last good one stays.
    }
    return this.value;
  }

  /** How often it has changed. */
  get version(): number {
    void this.now;
    return this.changes;
  }
}
