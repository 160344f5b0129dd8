/** How much a ring keeps at most. */
export interface RingBounds {
  readonly items: number;
  readonly ageMs: number;
  /** Of all items together, as their lengths add up. */
  readonly size?: number;
}

/**
 * The newest of many items: so many, no older than an age, and no larger together than a size. Adding one costs a few assignments;
 * nothing is copied or moved, and no timer runs. What is too old is passed over when it is read, and is released as others come.
 */
export class Ring<T> {
  private readonly slots: (T | undefined)[] = [];
  private readonly times: number[] = [];
  private readonly sizes: number[] = [];
  private added = 0;
  private oldest = 0;
  private size = 0;

  constructor(readonly bounds: RingBounds) {}

  /** How many have been added so far: the number of the next one. */
  get next(): number {
    return this.added;
  }

  /** @param at when it happened, in milliseconds since 1970 */
  add(item: T, at: number, size = 0): void {
    const { items, ageMs, size: most = Infinity } = this.bounds;
    if (items === 0) return;
    if (this.added - this.oldest === items) this.dropOldest();
    const slot = this.added % items;
    this.slots[slot] = item;
    this.times[slot] = at;
    this.sizes[slot] = size;
    this.size += size;
    this.added += 1;
    while (this.oldest < this.added && (this.size > most || this.timeOf(this.oldest) < at - ageMs)) {
      this.dropOldest();
    }
  }

  /** Those that are young enough, newest first. */
  newestFirst(now = Date.now()): T[] {
    const found: T[] = [];
    for (let number = this.added - 1; number >= this.oldest; number -= 1) {
      if (this.timeOf(number) >= now - this.bounds.ageMs) {
        found.push(this.slots[number % this.bounds.items] as T);
      }
    }
    return found;
  }

  private timeOf(number: number): number {
    return this.times[number % this.bounds.items] as number;
  }

  private dropOldest(): void {
    const slot = this.oldest % this.bounds.items;
    this.slots[slot] = undefined;
    this.size -= this.sizes[slot] as number;
    this.oldest += 1;
  }
}
