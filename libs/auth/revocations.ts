import { Injectable } from '@nestjs/common';
import { AuthSettings } from './auth.settings.js';

/** The users and sessions whose tokens are refused although their signatures are good, as far as this process knows. */
@Injectable()
export class Revocations {
  private readonly revokedAt = new Map<string, number>();

  constructor(private readonly settings: AuthSettings) {}

  /** Refuses the tokens of a user or session that were issued until that moment. */
  add(subjectId: string, at: Date): void {
    this.forgetOld();
    this.revokedAt.set(subjectId, Math.max(at.getTime(), this.revokedAt.get(subjectId) ?? 0));
  }

  covers(subjectId: string, issuedAtMs: number): boolean {
    const at = this.revokedAt.get(subjectId);
    return at !== undefined && issuedAtMs <= at;
  }

  /** No token is older than its longest life, so neither need a revocation be. */
  private forgetOld(): void {
    const oldest = Date.now() - this.settings.ACCESS_TOKEN_MINUTES * 60_000;
    for (const [subjectId, at] of this.revokedAt) if (at < oldest) this.revokedAt.delete(subjectId);
  }
}
