import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Database } from '@fissile/kit/database';

/** A bucket of tokens, of which each attempt takes one. */
export interface AttemptBucket {
  /** The kind and what is counted, such as an address. */
  readonly kind: string;
  readonly of: string;
  readonly burst: number;
  /** Tokens a second. */
  readonly rate: number;
}

export interface AttemptTaken {
  readonly allowed: boolean;
  /** Whether the attempt is the first refused one after an allowed one. */
  readonly isFirstRefusal: boolean;
  /** Seconds until there is a token again; 0 when the attempt was allowed. */
  readonly retryAfter: number;
}

interface TakenRow {
  readonly key: string;
  readonly refusals: number;
  readonly tokens: number;
}

/** By the database's clock, which all processes share, and in the order of the keys, so that none waits for another in a ring. */
const TAKE = `
  INSERT INTO login_attempts AS known (key, tokens, taken_at, refusals, expires_at)
  SELECT key, burst - 1, clock_timestamp(), 0, clock_timestamp() + burst / rate * interval '1 second'
  FROM unnest($1::text[], $2::float8[], $3::float8[]) AS asked (key, burst, rate) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET (tokens, taken_at, refusals, expires_at) = (
    SELECT CASE WHEN filled >= 1 THEN filled - 1 ELSE filled END, clock_timestamp(),
      CASE WHEN filled >= 1 THEN 0 ELSE known.refusals + 1 END, excluded.expires_at
    FROM (
      SELECT least(burst, known.tokens + rate * greatest(0, extract(epoch FROM clock_timestamp() - known.taken_at))) AS filled
      FROM unnest($1::text[], $2::float8[], $3::float8[]) AS asked (key, burst, rate) WHERE key = excluded.key
    ) AS now)
  RETURNING key, refusals, tokens`;

const GIVE_BACK = `
  WITH locked AS (
    SELECT key, burst FROM login_attempts JOIN unnest($1::text[], $2::float8[]) AS asked (key, burst) USING (key)
    ORDER BY key FOR UPDATE OF login_attempts)
  UPDATE login_attempts SET tokens = least(burst, tokens + 1) FROM locked WHERE login_attempts.key = locked.key`;

const IS_KNOWN = `
  SELECT FROM known_networks JOIN users ON users.id = user_id WHERE email = $1 AND network = $2`;

/** Once a day is enough to keep it. */
const REMEMBER = `
  INSERT INTO known_networks AS known (user_id, network) SELECT id, $2 FROM users WHERE id = $1
  ON CONFLICT (user_id, network) DO UPDATE SET seen_at = now() WHERE known.seen_at < now() - interval '1 day'`;

/** The counted logins, which all processes of the context share, and the networks that users have signed in from. */
@Injectable()
export class LoginAttemptRepository {
  constructor(private readonly database: Database) {}

  /** Takes a token from each bucket that has one. */
  async take(buckets: readonly AttemptBucket[]): Promise<AttemptTaken[]> {
    const keys = buckets.map(keyOf);
    const bursts = buckets.map(({ burst }) => burst);
    const rates = buckets.map(({ rate }) => rate);
    const rows = await this.database.query<TakenRow>(TAKE, [keys, bursts, rates]);
    return buckets.map(({ rate }, index) => {
      const row = rows.find(({ key }) => key === keys[index]);
      if (!row) throw new Error('the database returned no count');
      const allowed = row.refusals === 0;
      return {
        allowed,
        isFirstRefusal: row.refusals === 1,
        retryAfter: allowed ? 0 : Math.ceil((1 - row.tokens) / rate),
      };
    });
  }

  async giveBack(buckets: readonly AttemptBucket[]): Promise<void> {
    await this.database.query(GIVE_BACK, [buckets.map(keyOf), buckets.map(({ burst }) => burst)]);
  }

  /** Whether the user of the email has signed in from this network before. */
  async isKnown(email: string, network: string): Promise<boolean> {
    return (await this.database.query(IS_KNOWN, [email, network])).length > 0;
  }

  async remember(userId: string, network: string): Promise<void> {
    await this.database.query(REMEMBER, [userId, network]);
  }
}

/** The kind comes first, since locks are taken in the order of keys. */
function keyOf({ kind, of }: AttemptBucket): string {
  return `${kind} ${createHash('sha256').update(of).digest('base64url')}`;
}
