import { tlsFilesOf, TlsReports } from '@fissile/kit/config';
import type { TransportSettings } from './transport.settings.js';

type Optional = 'REDIS_TLS_CA_FILE' | 'REDIS_TLS_CERT_FILE' | 'REDIS_TLS_KEY_FILE';

export type RedisSettings = Pick<TransportSettings, 'REDIS_URL'> & Partial<Pick<TransportSettings, Optional>>;

/** The options with which ioredis connects to REDIS_URL. It takes the files as they are at each connection. */
export function redisConnectionOptions(settings: RedisSettings) {
  const { hostname, port, pathname, protocol } = new URL(settings.REDIS_URL);
  return {
    host: hostname,
    port: Number(port || 6379),
    ...userOf(settings),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    ...(protocol === 'rediss:' && { tls: tlsFilesOf('REDIS', settings).readAtEachUse() }),
  };
}

/** What is needed of the driver's client, whose types are there only where the driver is. */
interface RedisClient {
  readonly options: object;
  on(event: 'error' | 'reconnecting', listener: (error?: unknown) => void): unknown;
}

/** Has a client reconnect as the user, and with the password, that REDIS_URL has then; logs why TLS refuses a connection. */
export function renewRedisUser(client: RedisClient, settings: RedisSettings): void {
  const reports = new TlsReports('REDIS');
  client.on('error', (error: unknown) => reports.add(error));
  client.on('reconnecting', () => Object.assign(client.options, userOf(settings)));
}

function userOf({ REDIS_URL }: RedisSettings): { username?: string; password?: string } {
  const { username, password } = new URL(REDIS_URL);
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}
