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
  private readonly prefix = `t${randomBytes(5).toString('hex')}`;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'product-test-'));
  private program: Program | undefined;
  private url = '';

  private constructor(
    private readonly server: TestServer,
    private readonly accounts: Accounts,
  ) {}

  static async start(topology: string): Promise<ProductUnderTest> {
    const product = new ProductUnderTest(await startTestServer(), await openAccounts());
    try {
      product.program = new Program(MAIN, product.environment(topology));
      product.url = await product.program.listens();
    } catch (error) {
      await product.close();
      throw error;
    }
    return product;
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

  /** Kills all processes, and removes what they stored. */
  async close(): Promise<void> {
    const output = this.program?.output ?? '';
    // As the supervisor of several processes prints them.
    const pids = [...output.matchAll(/^ {4}\S+ +\S.*? {3}(\d+) +http:/gm)].map(([, pid]) => Number(pid));
    await this.program?.stop('SIGKILL');
    for (const pid of pids) sendSignal(pid, 'SIGKILL');
    await until('no process of it is left', () => !pids.some(isAlive));
    await dropDatabases(this.server.url, this.prefix);
    await this.accounts.close();
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private environment(topology: string): NodeJS.ProcessEnv {
    return {
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
      ...this.accounts.settings,
    };
  }
}

/** Starts the product. @param topology the one of the test run when absent */
export function productUnderTest(
  topology = process.env['TEST_TOPOLOGY'] ?? 'monolith',
): Promise<ProductUnderTest> {
  return ProductUnderTest.start(topology);
}
