import { Injectable } from '@nestjs/common';
import { AuthSettings } from './auth.settings.js';

/** A scan of all of them for each that is added would take quadratic time. */
const FORGET_EVERY_MS = 10_000;

/** The users and sessions whose tokens are revoked, as far as this process knows. */
@Injectable()
export class Revocations {
  private readonly revokedAt = new Map<string, number>();
  private forgotAt = -Infinity;

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
    const now = Date.now();
    // A clock that was put back must not keep them for ever.
    if (Math.abs(now - this.forgotAt) < FORGET_EVERY_MS) return;
    this.forgotAt = now;
    const oldest = now - this.settings.ACCESS_TOKEN_MINUTES * 60_000;
    for (const [subjectId, at] of this.revokedAt) if (at < oldest) this.revokedAt.delete(subjectId);
  }
}
