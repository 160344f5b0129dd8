import { LruMap } from '@fissile/kit/async';

export interface Kept {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly at: number;
}

/** Answers by their address, so many and of so many bytes together: those that were used longest ago go first. */
export class ResponseCache {
  private readonly answers: LruMap<string, Kept>;

  constructor(maxEntries: number, maxWeight: number) {
    this.answers = new LruMap({ maxEntries, maxWeight, weigh: ({ body }) => body.length });
  }

  keep(url: string, headers: Kept['headers'], body: Buffer): void {
    this.answers.set(url, { headers, body, at: Date.now() });
  }

  /** Gives what was kept, unless it is older than that. */
  find(url: string, maxAgeSeconds: number): (Kept & { readonly ageSeconds: number }) | undefined {
    const kept = this.answers.get(url);
    if (!kept) return undefined;
    const ageMs = Date.now() - kept.at;
    return ageMs < maxAgeSeconds * 1000 ? { ...kept, ageSeconds: Math.floor(ageMs / 1000) } : undefined;
  }
}
