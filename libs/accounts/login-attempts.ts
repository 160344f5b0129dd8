import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { clientNetwork } from '@fissile/kit/http';
import {
  type AttemptBucket,
  type AttemptTaken,
  LoginAttemptRepository,
} from './data/login-attempt-repository.js';
import { UsersSettings } from './users.settings.js';

const WINDOW_SECONDS = 15 * 60;
/** An account is under pressure after this many times its failures, from networks that its user never signed in from. */
const PRESSURE_AFTER = 10;
/** What each such network may still try on an account under pressure: at first, and then in each hour. */
const TRIES_UNDER_PRESSURE = 3;
const TRIES_AN_HOUR_UNDER_PRESSURE = 1;

/** Codes of a second factor that are tried by who has the password, from all networks together: this many at first, and then in an hour. */
const CODES = 10;

/** What there was too much of: tries on an account from one network, tries on it from all, tries from an address. */
export type Bucket = 'account' | 'pressure' | 'address';

/**
 * Throttles password guessing; only failures cost. They are counted for each network, and for each account **and** network, so
 * nobody locks out another. When one account is guessed at from many networks, each network that its user never signed in
 * from is slowed down to a few tries; networks that the user signed in from before are not.
 */
@Injectable()
export class LoginAttempts {
  constructor(
    private readonly repository: LoginAttemptRepository,
    private readonly settings: UsersSettings,
  ) {}

  /**
   * Counts an attempt as failed until it succeeds, so that concurrent attempts count too.
   * @param onShut is called for the first rejected attempt after one that was allowed
   * @returns a function that gives the attempt back
   * @throws ContextError too_many_requests, with the seconds to wait as `retryAfter`
   */
  async begin(
    email: string,
    address: string,
    onShut: (bucket: Bucket) => void = () => undefined,
  ): Promise<() => Promise<void>> {
    const network = clientNetwork(address);
    const ofAddress = bucket('1-address', network, this.settings.LOGIN_FAILURES_PER_ADDRESS);
    // First and alone: who is refused here leaves no row for what else was typed.
    const [fromAddress] = await this.repository.take([ofAddress]);
    refuseUnlessAllowed('address', fromAddress, onShut);
    const buckets = await this.bucketsOf(email, network);
    const [own, all, slow] = await this.repository.take(buckets);
    refuseUnlessAllowed('account', own, onShut);
    if (all && !all.allowed) refuseUnlessAllowed('pressure', slow, onShut);
    return () => this.repository.giveBack([ofAddress, ...buckets]);
  }

  /**
   * Counts a code of an account's second factor, wherever it comes from: six digits can be guessed from enough networks. Only who has the
   * password gets here, and the owner still has the recovery codes, which this does not count.
   * @returns a function that gives the attempt back
   * @throws ContextError too_many_requests, with the seconds to wait as `retryAfter`
   */
  async beginCode(userId: string): Promise<() => Promise<void>> {
    const codes = { kind: '5-code', of: userId, burst: CODES, rate: CODES / 3600 };
    const [taken] = await this.repository.take([codes]);
    refuseUnlessAllowed('account', taken);
    return () => this.repository.giveBack([codes]);
  }

  /** From now on the network is spared when the account is under pressure. */
  async remember(userId: string, address: string): Promise<void> {
    await this.repository.remember(userId, clientNetwork(address));
  }

  private async bucketsOf(email: string, network: string): Promise<AttemptBucket[]> {
    const failures = this.settings.LOGIN_FAILURES_PER_ACCOUNT;
    const ownTries = bucket('2-account', `${email} ${network}`, failures);
    if (await this.repository.isKnown(email, network)) return [ownTries];
    return [
      ownTries,
      bucket('3-pressure', email, failures * PRESSURE_AFTER),
      {
        kind: '4-slow',
        of: `${email} ${network}`,
        burst: TRIES_UNDER_PRESSURE,
        rate: TRIES_AN_HOUR_UNDER_PRESSURE / 3600,
      },
    ];
  }
}

function bucket(kind: string, of: string, failures: number): AttemptBucket {
  return { kind, of, burst: failures, rate: failures / WINDOW_SECONDS };
}

function refuseUnlessAllowed(
  what: Bucket,
  taken: AttemptTaken | undefined,
  onShut: (bucket: Bucket) => void = () => undefined,
): void {
  if (!taken || taken.allowed) return;
  if (taken.isFirstRefusal) onShut(what);
  throw ContextError.of('too_many_requests', 'Too many failed logins; see Retry-After', {
    retryAfter: taken.retryAfter,
  });
}
