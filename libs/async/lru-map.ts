interface Limits<V> {
  readonly maxEntries: number;
  /** How much the values may weigh together; without it only their number counts. */
  readonly maxWeight?: number;
  weigh?(value: V): number;
}

/** A map of limited size: what was used longest ago goes first. */
export class LruMap<K, V> {
  private readonly entries = new Map<K, V>();
  private weight = 0;

  constructor(private readonly limits: Limits<V>) {}

  get size(): number {
    return this.entries.size;
  }

  /** Counts as a use. */
  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.entries.set(key, value);
    this.weight += this.weightOf(value);
    const { maxEntries, maxWeight = Infinity } = this.limits;
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= maxEntries && this.weight <= maxWeight) return;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    const value = this.entries.get(key);
    if (value === undefined) return;
    this.entries.delete(key);
    this.weight -= this.weightOf(value);
  }

  private weightOf(value: V): number {
    return this.limits.weigh?.(value) ?? 0;
  }
}
