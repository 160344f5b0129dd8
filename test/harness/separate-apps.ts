import { join } from 'node:path';
import { freePort, Program, until } from '@fissile/kit/testing';
import { COMPONENTS } from '#contracts';
import { Api } from './api.js';
import { TEST_SETTINGS } from './shop.js';
import { appProgram } from './app-program.js';

interface SeparateApps {
  readonly databaseServerUrl: string;
  readonly databasePrefix: string;
  readonly dataDir: string;
  readonly transport: string;
  /** Further settings of an app. */
  readonly settingsOf?: (app: string) => Readonly<Record<string, string>>;
  /** The compiled checkout from which an app runs, where it is not the project itself. */
  readonly folders: Readonly<Record<string, string>>;
}

/**
 * Starts each app of the shop by itself, as containers do, some from other checkouts, and stops all of them when the work is
 * done. Returns the output of each.
 */
export async function withSeparateApps(
  { databaseServerUrl, databasePrefix, dataDir, transport, folders, settingsOf }: SeparateApps,
  work: (api: Api) => Promise<void>,
): Promise<ReadonlyMap<string, string>> {
  const addresses = await Promise.all(
    COMPONENTS.map(async (app) => `${app}=127.0.0.1:${await freePort()}:${await freePort()}`),
  );
  const env = {
    DATABASE_URL: databaseServerUrl,
    DATABASE_NAME_PREFIX: databasePrefix,
    DATABASE_POOL_SIZE: '3',
    DATA_DIR: dataDir,
    ...TEST_SETTINGS,
    TRANSPORT: transport,
    PROCESS_ADDRESSES: addresses.join(','),
  };
  const programs = new Map(
    COMPONENTS.map((app) => {
      const folder = folders[app];
      // Other checkouts are compiled, and no more.
      const main = folder === undefined ? appProgram(app) : join(folder, `dist/apps/${app}/src/main.js`);
      return [app, new Program(main, { ...env, ...settingsOf?.(app) }, { cwd: folder })];
    }),
  );
  try {
    await Promise.all([...programs.values()].map((program) => program.listens()));
    const api = new Api({ url: (await programs.get('gateway')?.listens()) ?? '' });
    await until('it is healthy', async () => (await api.get('/health')).status === 200);
    await work(api);
  } finally {
    await Promise.all([...programs.values()].map((program) => program.stop()));
  }
  return new Map([...programs].map(([app, { output }]) => [app, output]));
}

/** Places an order that must be confirmed; on a busy machine the answer may come before that. */
export async function placeConfirmedOrder(
  api: Api,
): Promise<{ readonly token: string; readonly orderId: string }> {
  const productId = await api.product(await api.admin(), { stock: 5 });
  const { token } = await api.customer();
  const { body: placed } = await api.placeOrder(token, [{ productId, quantity: 1 }]);
  const order = await until('the order has ended', async () => {
    const { body } = await api.get(`/api/orders/${placed.id}`, token);
    return body.status !== 'pending' && body;
  });
  if (order.status !== 'confirmed') throw new Error(`it was not confirmed: ${JSON.stringify(order)}`);
  return { token, orderId: order.id };
}
