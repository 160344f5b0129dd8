import { type Credentials, type RetryPolicy, ShopClient } from '@fissile/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from './tool-error.js';

/** A tool retries when the shop limits its clients or restarts. */
const RETRY_POLICY: RetryPolicy = { tries: 60, triesAfterLoss: 10, longestPauseMs: 30_000 };

export interface Connection {
  /** Without authentication. */
  readonly shop: ShopClient;
  readonly admin: ShopClient;
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
  const shop = new ShopClient({ url, retryPolicy: RETRY_POLICY, observer });
  await shop.get('/health/live');
  const credentials = adminCredentials(environment);
  const admin = shop.as(credentials);
  await admin.session.signIn(credentials);
  return { shop, admin, statistics };
}

/** Read from the environment, or from the file that the first start writes on the same machine. */
export function adminCredentials(environment: NodeJS.ProcessEnv): Credentials {
  const email = environment['ADMIN_EMAIL'];
  const password = environment['ADMIN_PASSWORD'];
  if (email && password) return { email, password };
  const file = join(environment['DATA_DIR'] ?? '.data', 'admin-credentials.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  } catch {
    throw new ToolError(`There are no admin credentials in ${file}. Set ADMIN_EMAIL and ADMIN_PASSWORD.`);
  }
}
