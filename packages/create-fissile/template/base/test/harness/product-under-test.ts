import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dropDatabases,
  isAlive,
  Program,
  sendSignal,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { type Accounts, openAccounts } from './accounts.js';

const MAIN = 'dist/apps/monolith/src/main.js';

export interface Answer {
  readonly status: number;
  // The body can be anything; a test says at once when it is not what it expects.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** The product as its users run it: programs of its own, databases of its own, and the public API alone. */
export class ProductUnderTest {
  private constructor(
    private readonly url: string,
    private readonly accounts: Accounts,
    private readonly started?: StartedProduct,
  ) {}

  /** @param settings beside those of every test */
  static async start(topology: string, settings: NodeJS.ProcessEnv = {}): Promise<ProductUnderTest> {
    const accounts = await openAccounts();
    const started = new StartedProduct(await startTestServer());
    try {
      const url = await started.start(topology, { ...accounts.settings, ...settings });
      return new ProductUnderTest(url, accounts, started);
    } catch (error) {
      await started.close();
      await accounts.close();
      throw error;
    }
  }

  /** Takes part in one that another process has started, which closes it. */
  static async join(handover: string): Promise<ProductUnderTest> {
    const { url, accounts } = JSON.parse(handover) as { url: string; accounts: string };
    return new ProductUnderTest(url, await openAccounts(accounts));
  }

  /** What another process needs to join. */
  get handover(): string {
    return JSON.stringify({ url: this.url, accounts: this.accounts.handover });
  }

  async call(
    method: string,
    path: string,
    { body, token }: { body?: unknown; token?: string | undefined } = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text };
  }

  /** Returns the access token of a new user. */
  signIn(): Promise<string> {
    return this.accounts.signIn(this.url);
  }

  /** Returns the access token of an admin. */
  signInAsAdmin(): Promise<string> {
    return this.accounts.signInAsAdmin(this.url);
  }

  /** Kills all processes that were started here, and removes what they stored. */
  async close(): Promise<void> {
    await this.started?.close();
    await this.accounts.close();
  }
}

class StartedProduct {
  private readonly prefix = `t${randomBytes(5).toString('hex')}`;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'product-test-'));
  private program: Program | undefined;

  constructor(private readonly server: TestServer) {}

  /** Returns its address. */
  start(topology: string, settings: NodeJS.ProcessEnv): Promise<string> {
    this.program = new Program(MAIN, {
      TOPOLOGY: topology,
      // The tests need no broker, whatever the product uses in production.
      TRANSPORT: 'grpc',
      EVENT_BUS: topology === 'monolith' ? 'local' : 'direct',
      DATABASE_URL: this.server.url,
      DATABASE_NAME_PREFIX: this.prefix,
      DATABASE_POOL_SIZE: '5',
      DATA_DIR: this.dataDir,
      PORT: '0',
      THROTTLE_ENABLED: 'false',
      // A machine that runs many tests concurrently is slow.
      BREAKER_TIMEOUT_MS: '5000',
      ...settings,
    });
    return this.program.listens();
  }

  async close(): Promise<void> {
    const output = this.program?.output ?? '';
    // As the supervisor of several processes prints them.
    const pids = [...output.matchAll(/^ {4}\S+ +\S.*? {3}(\d+) +http:/gm)].map(([, pid]) => Number(pid));
    await this.program?.stop('SIGKILL');
    for (const pid of pids) sendSignal(pid, 'SIGKILL');
    await until('no process of it is left', () => !pids.some(isAlive));
    await dropDatabases(this.server.url, this.prefix);
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/**
 * The product that the test run has started for all tests, or one of this test's own when it runs by itself. A test that
 * needs other settings, or no other tests beside it, starts its own by `ProductUnderTest.start`.
 * @param topology the one of the test run when absent
 */
export function productUnderTest(
  topology = process.env['TEST_TOPOLOGY'] ?? 'monolith',
): Promise<ProductUnderTest> {
  const shared = JSON.parse(process.env['TEST_PRODUCTS'] ?? '{}') as Record<string, string | undefined>;
  const handover = shared[topology];
  return handover === undefined ? ProductUnderTest.start(topology) : ProductUnderTest.join(handover);
}
