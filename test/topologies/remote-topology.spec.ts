import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { freePort } from '@fissile/kit/testing';
import { Api } from '../harness/api.js';
import { ADMIN, Shop } from '../harness/shop.js';

const COMMAND = 'libs/dist/cli/main.js';
const SIGNED_IN = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('The command that changes the topology of a product elsewhere', () => {
  let shop: Shop;
  let api: Api;

  before(async () => {
    shop = await Shop.start({ env: { TOPOLOGY: 'monolith' } });
    api = new Api(shop);
  });

  after(() => shop.close());

  /** With another folder for data, so that it does not find the product as one of this machine. */
  function run(words: string, environment: Readonly<Record<string, string>> = SIGNED_IN): Promise<Outcome> {
    const env = { PATH: process.env['PATH'], DATA_DIR: '/nowhere', ...environment };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [COMMAND, 'topology', ...words.split(' ')],
        { env },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  }

  it('shows it', async () => {
    const { code, stdout, stderr } = await run(`--url ${shop.url}`);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^topology monolith, version \d+ /);
    assert.match(stdout, /^monolith +gateway, users, /m);
  });

  it('moves a context out and back, and tells the stages', async () => {
    const out = await run(`--url ${shop.url} move notifications --to own`);
    assert.equal(out.code, 0, out.stderr);
    assert.match(out.stdout, /^move notifications to own: drained$/m);
    assert.match(out.stdout, /^notifications +notifications +running/m);
    const again = await run(`--url ${shop.url} move notifications --to own`);
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /^409 topology_not_changed: .*to: notifications has a process of its own already/,
    );
    const token = { ADMIN_TOKEN: await api.admin() };
    const back = await run(`--url ${shop.url} move notifications --to gateway`, token);
    assert.equal(back.code, 0, back.stderr);
    assert.match(back.stdout, /^monolith +gateway, .*notifications/m);
  });

  it('is refused to whoever is no admin, and says so', async () => {
    const { token } = await api.customer();
    const asCustomer = await run(`--url ${shop.url}`, { ADMIN_TOKEN: token });
    assert.equal(asCustomer.code, 1);
    assert.match(asCustomer.stderr, /^403 forbidden: /);
    const wrong = await run(`--url ${shop.url}`, { ...SIGNED_IN, ADMIN_PASSWORD: 'not the password' });
    assert.match(wrong.stderr, /^401 invalid_credentials: /);
    const nobody = await run(`--url ${shop.url}`, {});
    assert.match(
      nobody.stderr,
      /^No admin to sign in as: expected ADMIN_EMAIL and ADMIN_PASSWORD, ADMIN_TOKEN/,
    );
    assert.deepEqual([wrong.code, nobody.code], [1, 1]);
    assert.doesNotMatch(wrong.stderr, /not the password|^ +at /m);
  });

  it('says what it expects of an address, a number and a cluster', async () => {
    const port = await freePort();
    const nowhere = await run(`--url http://127.0.0.1:${port}`);
    assert.deepEqual([nowhere.code, nowhere.stdout], [1, '']);
    assert.match(nowhere.stderr, new RegExp(`^http://127.0.0.1:${port} does not answer: .*ECONNREFUSED`));
    for (const [words, message] of [
      ['--url shop.example.com', /expected an address, such as https:/],
      [`--url ${shop.url} move orders --to own --replicas two`, /expected a whole number from 0 to 999/],
      [`--url ${shop.url} move orders --to own --replicas 2`, /expected both --deployment and --replicas/],
    ] as const) {
      const { code, stderr } = await run(words);
      assert.equal(code, 2, words);
      assert.match(stderr, message);
    }
    const outside = await run(
      `--url ${shop.url} move orders --to own --deployment fissile-orders --replicas 2`,
    );
    assert.equal(outside.code, 1);
    assert.match(outside.stderr, /--deployment: expected a pod of Kubernetes/);
  });
});
