import { Redis } from 'ioredis';
import { redisConnectionOptions, RedisNames, type RedisSettings, renewRedisUser } from '@fissile/kit/rpc';
import { type RequestCost, takeFrom, type Taken } from './token-bucket.js';

const CONNECT_TIMEOUT_MS = 1_000;
const LONGEST_RETRY_PAUSE_MS = 1_000;

/**
 * Refills the buckets, and takes tokens from all of them or from none. Redis runs a script atomically, so no two
 * requests get the same token; the script uses Redis' clock, so the clocks of the gateways need not agree. A bucket
 * expires when it would be full. Input: rate, burst and cost for each key. Output: the tokens of each bucket before
 * this request, as of now.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local filled, enough = {}, true
for i, key in ipairs(KEYS) do
  local rate, burst, cost = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local state = redis.call('HMGET', key, 'tokens', 'at')
  filled[i] = burst
  if state[1] then
    local seconds = math.max(0, now - tonumber(state[2])) / 1000
    filled[i] = math.min(burst, tonumber(state[1]) + seconds * rate)
  end
  if filled[i] < cost then enough = false end
end
local result = {}
for i, key in ipairs(KEYS) do
  local rate, burst, cost = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  result[i] = string.format('%.17g', filled[i])
  if enough then
    local left = filled[i] - cost
    redis.call('HSET', key, 'tokens', string.format('%.17g', left), 'at', string.format('%.17g', now))
    redis.call('PEXPIRE', key, math.ceil((burst - left) / rate * 1000) + 1000)
  end
end
return result`;

type RedisWithScript = Redis & {
  takeTokens(keys: number, ...keysAndNumbers: (string | number)[]): Promise<string[]>;
};

export interface RedisPlace {
  readonly settings: RedisSettings;
  /** Prefix of all keys. */
  readonly prefix: string;
  /** The timeout of a command. */
  readonly timeoutMs: number;
}

/** Token buckets in Redis, shared by all gateways. */
export class RedisBuckets {
  private readonly redis: RedisWithScript;

  constructor(private readonly place: RedisPlace) {
    const redis = new Redis({
      ...redisConnectionOptions(place.settings),
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: place.timeoutMs,
      // A request must not wait for a reconnection.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY_PAUSE_MS),
    });
    renewRedisUser(redis, place.settings);
    // Each failed command rejects, and its caller handles the error.
    redis.on('error', () => undefined);
    redis.defineCommand('takeTokens', { lua: TAKE });
    this.redis = redis as RedisWithScript;
  }

  /** Resolves when it is connected, or when the first attempt fails: it then keeps retrying. */
  async connect(): Promise<void> {
    await this.redis.connect().catch(() => undefined);
  }

  /** @throws when Redis does not respond in time */
  async take(client: string, costs: readonly RequestCost[]): Promise<Taken[]> {
    const names = new RedisNames(this.place.prefix);
    // The braces are a hash tag: in a Redis cluster they keep all buckets of a client in one slot.
    const keys = costs.map(({ key }) => names.bucketOf(`{${client}}:${key}`));
    const numbers = costs.flatMap(({ limit: { rate, burst }, cost }) => [rate, burst, Math.min(cost, burst)]);
    const filled = await this.redis.takeTokens(keys.length, ...keys, ...numbers);
    return takeFrom(filled.map(Number), costs);
  }

  async ping(): Promise<void> {
    await this.redis.ping();
  }

  close(): void {
    this.redis.disconnect();
  }
}
