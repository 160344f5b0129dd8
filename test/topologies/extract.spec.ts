import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dropDatabases, startTestServer, type TestServer } from '@fissile/kit/testing';
import { placeConfirmedOrder, withSeparateApps } from '../harness/separate-apps.js';

const FISSILE = resolve('libs/dist/cli/main.js');

function extract(context: string, folder: string): string {
  return execFileSync(process.execPath, [FISSILE, 'extract', context, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('A context that is extracted as a repository of its own', () => {
  let server: TestServer;
  let parent: string;
  let payments: string;
  const prefix = `t${randomBytes(5).toString('hex')}`;

  before(async () => {
    server = await startTestServer();
    parent = mkdtempSync(join(tmpdir(), 'fissile-extract-'));
    payments = join(parent, 'payments');
    extract('payments', payments);
    symlinkSync(resolve('node_modules'), join(payments, 'node_modules'));
    execFileSync(resolve('node_modules/typescript/bin/tsc'), { cwd: payments });
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
    rmSync(parent, { recursive: true });
  });

  it('has no other app in it', () => {
    assert.deepEqual(readdirSync(join(payments, 'apps')), ['payments']);
  });

  it('has its own unit tests, which are those of the product', () => {
    assert.ok(existsSync(join(payments, 'dist/apps/payments/src/domain/payment.spec.js')));
  });

  it('still takes part in the product over the wire', async () => {
    const output = await withSeparateApps(
      {
        databaseServerUrl: server.url,
        databasePrefix: prefix,
        dataDir: join(parent, 'data'),
        transport: 'grpc',
        folders: { payments },
      },
      async (api) => {
        const { token, orderId } = await placeConfirmedOrder(api);
        const { body } = await api.get('/api/payments', token);
        assert.deepEqual(
          body.items.map((payment: { orderId: string }) => payment.orderId),
          [orderId],
        );
      },
    );
    assert.match(output.get('payments') ?? '', /listening on/);
  });

  it('is refused, and nothing is written, for an unknown context and a folder that is in use', () => {
    const used = join(parent, 'used');
    mkdirSync(used);
    writeFileSync(join(used, 'mine.txt'), '');
    assert.throws(
      () => extract('nothing', used),
      ({ stderr }: { stderr: string }) => {
        assert.match(stderr, /no context nothing: expected one of .*payments/);
        assert.match(stderr, /used exists: expected a folder that does not exist/);
        return true;
      },
    );
    assert.deepEqual(readdirSync(used), ['mine.txt']);
  });
});
