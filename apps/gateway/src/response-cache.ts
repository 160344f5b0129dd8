export interface Kept {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly at: number;
}

/** Answers by their address, so many and of so many bytes together: those that were kept longest ago go first. */
export class ResponseCache {
  /** In the order in which they were kept. */
  private readonly answers = new Map<string, Kept>();
  private bytes = 0;

  constructor(
    private readonly maxAnswers: number,
    private readonly maxBytes: number,
  ) {}

  keep(url: string, headers: Kept['headers'], body: Buffer): void {
    this.forget(url);
    this.answers.set(url, { headers, body, at: Date.now() });
    this.bytes += body.length;
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= this.maxAnswers && this.bytes <= this.maxBytes) break;
      this.forget(oldest);
    }
  }

  /** Gives what was kept, unless it is older than that. */
  find(url: string, maxAgeSeconds: number): (Kept & { readonly ageSeconds: number }) | undefined {
    const kept = this.answers.get(url);
    if (!kept) return undefined;
    const ageMs = Date.now() - kept.at;
    return ageMs < maxAgeSeconds * 1000 ? { ...kept, ageSeconds: Math.floor(ageMs / 1000) } : undefined;
  }

  private forget(url: string): void {
    this.bytes -= this.answers.get(url)?.body.length ?? 0;
    this.answers.delete(url);
  }
}
