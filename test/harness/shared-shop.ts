import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shop, topologyUnderTest } from './shop.js';

/** The setting that passes the address of the shared shop to the tests of a run. */
const VARIABLE = 'TEST_SHARED_SHOP';

/** All password guesses of the tests come from one address. */
const SETTINGS = { LOGIN_FAILURES_PER_ACCOUNT: '3', LOGIN_FAILURES_PER_ADDRESS: '1000' } as const;

/**
 * The operations that tests may use on a shared shop: everything that needs neither its own settings nor a stop, and
 * that queries only the test's own users, products, orders and mails. No test creates another admin there.
 */
export type SharedShop = Pick<
  Shop,
  'url' | 'topology' | 'output' | 'databasePrefix' | 'databaseServerUrl' | 'close'
>;

type ShopDetails = Omit<SharedShop, 'output' | 'close'> & { readonly outputFile: string };

/** The shop that the run started for all tests, or the caller's own when the test runs by itself. */
export async function sharedShop(): Promise<SharedShop> {
  const details = process.env[VARIABLE];
  if (details === undefined) return Shop.start({ env: SETTINGS });
  const { outputFile, ...shop } = JSON.parse(details) as ShopDetails;
  return {
    ...shop,
    get output() {
      return readFileSync(outputFile, 'utf8');
    },
    // Other tests may still use it; it is closed when the run ends.
    close: async () => undefined,
  };
}

export interface ProvidedShop {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param testEnv selects the topology and the transport, see topologyUnderTest */
export async function provideSharedShop(testEnv: NodeJS.ProcessEnv): Promise<ProvidedShop> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-shared-'));
  const outputFile = join(folder, 'output');
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const shop = await Shop.start({ env: { ...topologyUnderTest(testEnv), ...SETTINGS }, outputFile });
    const { url, topology, databasePrefix, databaseServerUrl } = shop;
    const details: ShopDetails = { url, topology, databasePrefix, databaseServerUrl, outputFile };
    return {
      env: { [VARIABLE]: JSON.stringify(details) },
      close: async () => {
        await shop.close();
        removeFolder();
      },
    };
  } catch (error) {
    removeFolder();
    throw error;
  }
}
