import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from './api-problem.js';
import { type ClientStatistics, type Credentials, ShopClient } from './shop-client.js';

export interface Connection {
  /** As nobody in particular. */
  readonly shop: ShopClient;
  readonly admin: ShopClient;
  readonly statistics: ClientStatistics;
}

/** Connects to the shop that FISSILE_URL names, or to the one on this machine. */
export async function connect(environment: NodeJS.ProcessEnv = process.env): Promise<Connection> {
  const url = (environment['FISSILE_URL'] ?? `http://127.0.0.1:${environment['PORT'] ?? 3000}`).replace(
    /\/$/,
    '',
  );
  const statistics = { requests: 0, waits: 0 };
  const shop = new ShopClient(url, undefined, statistics);
  await shop.get('/health/live');
  const admin = shop.as(adminCredentials(environment));
  await admin.login();
  return { shop, admin, statistics };
}

/** From the environment, or from the file that the first start writes on the same machine. */
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
