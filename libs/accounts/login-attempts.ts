import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { type BucketLimit, type BucketState, takeToken } from '@fissile/kit/gateway';
import { clientNetwork } from '@fissile/kit/http';
import { LruMap } from '@fissile/kit/async';
import { UsersSettings } from './users.settings.js';

const WINDOW_SECONDS = 15 * 60;
const MAX_KEPT = 100_000;

/** The keys by which an attempt is counted. */
export type Bucket = 'account' | 'address';

interface Attempts extends BucketState {
  /** Whether the last attempt was rejected. */
  readonly isShut?: boolean;
}

/** Throttles password guessing: each account and each address has a token bucket, and only failures cost. */
@Injectable()
export class LoginAttempts {
  private readonly buckets = new LruMap<string, Attempts>({ maxEntries: MAX_KEPT });

  constructor(private readonly settings: UsersSettings) {}

  /**
   * Counts an attempt as failed until it succeeds, so that concurrent attempts count too.
   * @param onShut is called for the first rejected attempt after one that was allowed
   * @returns a function that gives the attempt back
   * @throws ContextError too_many_requests, with the seconds to wait as `retryAfter`
   */
  begin(email: string, address: string, onShut: (bucket: Bucket) => void = () => undefined): () => void {
    const perAccount = this.limit(this.settings.LOGIN_FAILURES_PER_ACCOUNT);
    const perAddress = this.limit(this.settings.LOGIN_FAILURES_PER_ADDRESS);
    const network = clientNetwork(address);
    this.take(`address ${network}`, perAddress, () => onShut('address'));
    this.take(`account ${email}`, perAccount, () => onShut('account'));
    return () => {
      this.giveBack(`address ${network}`, perAddress);
      this.giveBack(`account ${email}`, perAccount);
    };
  }

  private limit(failures: number): BucketLimit {
    return { burst: failures, rate: failures / WINDOW_SECONDS };
  }

  private take(key: string, limit: BucketLimit, onShut: () => void): void {
    const before = this.buckets.get(key);
    const { state, taken } = takeToken(before, limit, Date.now());
    this.buckets.set(key, { ...state, isShut: !taken.allowed });
    if (taken.allowed) return;
    if (!before?.isShut) onShut();
    const retryAfter = Math.ceil(taken.retryAfter);
    throw ContextError.of('too_many_requests', 'Too many failed logins; see Retry-After', { retryAfter });
  }

  private giveBack(key: string, { burst }: BucketLimit): void {
    const state = this.buckets.get(key);
    if (state) this.buckets.set(key, { ...state, tokens: Math.min(burst, state.tokens + 1) });
  }
}
