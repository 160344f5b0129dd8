import { type RetryPolicy, ShopClient, type TokenStore } from '@fissile/client';
import { signInAsAdmin } from './admin-session.js';

/** A tool retries when the shop limits its clients or restarts. */
const RETRY_POLICY: RetryPolicy = { tries: 60, triesAfterLoss: 10, longestPauseMs: 30_000 };

export interface Connection {
  /** Without authentication. */
  readonly shop: ShopClient;
  readonly admin: ShopClient;
  /** Those of the admin. */
  readonly tokens: TokenStore;
  readonly statistics: ClientStatistics;
}

/** Counts requests and waits, for callers that report them. */
export interface ClientStatistics {
  requests: number;
  waits: number;
}

/** Connects to the shop at FISSILE_URL, or to the one on this machine. */
export async function connect(environment: NodeJS.ProcessEnv = process.env): Promise<Connection> {
  const url = (environment['FISSILE_URL'] ?? `http://127.0.0.1:${environment['PORT'] ?? 3000}`).replace(
    /\/$/,
    '',
  );
  const statistics = { requests: 0, waits: 0 };
  const observer = {
    sent: () => void (statistics.requests += 1),
    waits: () => void (statistics.waits += 1),
  };
  const options = { url, retryPolicy: RETRY_POLICY, observer };
  const shop = new ShopClient(options);
  await shop.get('/health/live');
  const { admin, tokens } = await signInAsAdmin(options, environment);
  return { shop, admin, tokens, statistics };
}
