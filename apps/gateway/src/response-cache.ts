import { LruMap } from '@fissile/kit/async';

export interface Kept {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly at: number;
}

/** Caches responses by URL, bounded by number and by total bytes; evicts the least recently used first. */
export class ResponseCache {
  private readonly answers: LruMap<string, Kept>;

  constructor(maxEntries: number, maxWeight: number) {
    this.answers = new LruMap({ maxEntries, maxWeight, weigh: ({ body }) => body.length });
  }

  keep(url: string, headers: Kept['headers'], body: Buffer): void {
    this.answers.set(url, { headers, body, at: Date.now() });
  }

  /** Returns the cached response unless it is older than the given age. */
  find(url: string, maxAgeSeconds: number): (Kept & { readonly ageSeconds: number }) | undefined {
    const kept = this.answers.get(url);
    if (!kept) return undefined;
    const ageMs = Date.now() - kept.at;
    return ageMs < maxAgeSeconds * 1000 ? { ...kept, ageSeconds: Math.floor(ageMs / 1000) } : undefined;
  }
}
