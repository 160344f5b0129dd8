import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shop, topologyUnderTest } from './shop.js';

/** Tells the tests of a run where the shop is that they share. */
const VARIABLE = 'TEST_SHARED_SHOP';

/** The guesses that tests make at passwords all come from one address. */
const SETTINGS = { LOGIN_FAILURES_PER_ACCOUNT: '3', LOGIN_FAILURES_PER_ADDRESS: '1000' } as const;

/**
 * What tests may do with a shop while others use it too: all that needs neither settings of its own nor a stop, and looks
 * for users, products, orders and letters of its own alone. Nobody makes another admin there.
 */
export type SharedShop = Pick<
  Shop,
  'url' | 'topology' | 'output' | 'databasePrefix' | 'databaseServerUrl' | 'close'
>;

type Told = Omit<SharedShop, 'output' | 'close'> & { readonly outputFile: string };

/** The shop that the run has started for all, or one for the caller alone, when it runs by itself. */
export async function sharedShop(): Promise<SharedShop> {
  const told = process.env[VARIABLE];
  if (told === undefined) return Shop.start({ env: SETTINGS });
  const { outputFile, ...shop } = JSON.parse(told) as Told;
  return {
    ...shop,
    get output() {
      return readFileSync(outputFile, 'utf8');
    },
    // Others may use it still; it is closed when the run ends.
    close: async () => undefined,
  };
}

export interface ProvidedShop {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param testEnv what names the topology and the transport, see topologyUnderTest */
export async function provideSharedShop(testEnv: NodeJS.ProcessEnv): Promise<ProvidedShop> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-shared-'));
  const outputFile = join(folder, 'output');
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const shop = await Shop.start({ env: { ...topologyUnderTest(testEnv), ...SETTINGS }, outputFile });
    const { url, topology, databasePrefix, databaseServerUrl } = shop;
    const told: Told = { url, topology, databasePrefix, databaseServerUrl, outputFile };
    return {
      env: { [VARIABLE]: JSON.stringify(told) },
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
