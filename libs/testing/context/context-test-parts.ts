import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product } from '@fissile/kit/contract';
import type { HostedModule } from '@fissile/kit/runtime';
import { dropDatabases, startTestServer, type TestServer } from '../test-database.js';
import { type IssuerKey, makeIssuerKey, TestIssuer } from '../test-issuer.js';
import type { Fake } from './fake.js';

export interface ContextTestOptions {
  readonly product: Product;
  /** The module of the context under test. */
  readonly module: HostedModule;
  /** What stands for the contexts that it calls; see `fake`. */
  readonly fakes?: readonly Fake[];
  readonly settings?: Readonly<Record<string, string>>;
}

/** What one test has, and gives back when it is closed. */
export interface ContextTestParts {
  readonly prefix: string;
  readonly dataDir: string;
  readonly server: TestServer;
  readonly issuer: TestIssuer;
  readonly key: IssuerKey;
  /** Calls to methods without a fake. */
  readonly unfaked: string[];
}

export async function makeParts(): Promise<ContextTestParts> {
  const key = await makeIssuerKey('test', 'ES256');
  const issuer = await TestIssuer.start();
  issuer.keys.push(key);
  return {
    prefix: `c${randomBytes(5).toString('hex')}`,
    dataDir: mkdtempSync(join(tmpdir(), 'fissile-context-')),
    server: await startTestServer(),
    issuer,
    key,
    unfaked: [],
  };
}

export async function giveBack({ prefix, dataDir, server, issuer }: ContextTestParts): Promise<void> {
  await issuer.stop();
  await dropDatabases(server.url, prefix);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
