import { credentials, loadPackageDefinition, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS, shop as shopProduct } from '#contracts';
import { Users } from '#contracts/users';
import { callInternally } from '../harness/internal-call.js';
import { Api, type Customer, type Json } from '../harness/api.js';
import { Shop } from '../harness/shop.js';
import { slowFrame, slowMessage, type Stranger } from '../harness/slow-strangers.js';
import { CancellationToken } from '@fissile/kit/async';
import { type Contract, Events, Operations, Processes, rulesOf } from '@fissile/kit/contract';
import { addressOfProcess, InternalTokens, transportOf, type TransportSettings } from '@fissile/kit/rpc';

const EXCHANGE = '/fissile.transport.v1.Calls/Exchange';
const STRANGERS = 50;
/** What they have sent together is 200; a process that has just started grows by itself too, most on a busy machine. */
const MOST_GROWN_MIB = 64;
const SECRET = 'the-secret-of-the-tests-and-no-one-else';
const require = createRequire(import.meta.url);

type Method = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  done: (error: ServiceError | null, answer: Json) => void,
) => void;

/** A client that knows the .proto file and nothing of Fissile. */
function stockClient(folder: string, file: string, service: string, address: string) {
  let scope: Json = loadPackageDefinition(loadSync(file, { includeDirs: [folder] }));
  for (const part of service.split('.')) scope = scope[part];
  const client = new scope(address, credentials.createInsecure());
  return {
    call: (method: string, request: object, headers: Record<string, string> = {}) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new Promise<Json>((resolve, reject) => {
        const options = { deadline: Date.now() + 5_000 };
        (client[method] as Method).call(client, request, metadata, options, (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
      });
    },
    raw: client,
  };
}

/** A contract that each context serves. */
const ofEach = (contract: Contract) => CONTEXTS.map((context) => ({ contract, context }));

const USERS = { name: 'Users', fullName: 'fissile.users.v1.Users', methods: ['GetSigningKeys'] };

describe('Internal ports', () => {
  let shop: Shop;
  let api: Api;
  let customer: Customer;
  let productId: string;
  const tokens = new InternalTokens(SECRET, 'gateway');

  before(async () => {
    shop = await Shop.start({ env: { TOPOLOGY: 'split', TRANSPORT: 'grpc', INTERNAL_AUTH_SECRET: SECRET } });
    api = new Api(shop);
    customer = await api.customer();
    productId = await api.product(await api.admin(), { stock: 5 });
  });

  after(() => shop.close());

  describe('for HTTP', () => {
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(shop.addressOf('orders').http + path, { headers });
      return { status: response.status, code: ((await response.json().catch(() => ({}))) as Json).code };
    };

    it('refuse who is not of the shop, with or without a good user token', async () => {
      const refused = { status: 403, code: 'internal_port' };
      assert.deepEqual(await ask('/api/orders'), refused);
      assert.deepEqual(await ask('/api/orders', { authorization: `Bearer ${customer.token}` }), refused);
      assert.deepEqual(await ask('/docs-json'), refused);
    });

    it('refuse a token for another context, and one that is none', async () => {
      for (const token of [await tokens.tokenFor('payments'), 'nonsense', customer.token]) {
        const headers = { 'x-fissile-internal': token, authorization: `Bearer ${customer.token}` };
        assert.equal((await ask('/api/orders', headers)).code, 'internal_port');
      }
    });

    it('refuse a token of another secret for now, as when the processes do not agree, and report it', async () => {
      const other = new InternalTokens('another-secret-of-enough-characters', 'gateway');
      const refused = await ask('/api/orders', { 'x-fissile-internal': await other.tokenFor('orders') });
      assert.deepEqual(refused, { status: 503, code: 'unavailable' });
      const { body } = await api.get('/health');
      assert.equal(body.internal_secret, 'down');
      const metrics = await (await fetch(`${shop.addressOf('orders').http}/metrics`)).text();
      assert.match(metrics, /^internal_trust_failures_total\{.*reason="secret".*\} 1$/m);
      assert.equal((await fetch(`${shop.addressOf('orders').http}/health/ready`)).status, 200);
    });

    it('refuse a process that does not host the gateway', async () => {
      const token = await new InternalTokens(SECRET, 'products').tokenFor('orders');
      assert.equal((await ask('/api/orders', { 'x-fissile-internal': token })).code, 'internal_port');
    });

    it('let the shop in, and verify the user all the same', async () => {
      const headers = { 'x-fissile-internal': await tokens.tokenFor('orders') };
      assert.equal((await ask('/api/orders', headers)).status, 401);
      const trusted = { ...headers, 'x-user-id': customer.id, 'x-roles': 'admin' };
      assert.equal((await ask('/api/orders', trusted)).status, 401, 'no header says who somebody is');
      const user = { ...headers, authorization: `Bearer ${customer.token}` };
      assert.equal((await ask('/api/orders', user)).status, 200);
    });

    it('report the health of the process to anyone', async () => {
      assert.equal((await ask('/health/ready')).status, 200);
      assert.equal((await ask('/metrics')).status, 200);
    });
  });

  describe('for calls over gRPC', () => {
    const products = () =>
      stockClient(
        'contracts',
        'products/products.proto',
        'fissile.products.v1.Products',
        shop.addressOf('products').rpc,
      );

    it('serve a stock client that has the .proto files and a token', async () => {
      const orders = new InternalTokens(SECRET, 'orders');
      const headers = { 'x-fissile-internal': await orders.tokenFor('products') };
      const answer = await products().call('GetProducts', { productIds: [productId] }, headers);
      assert.equal(answer['products'][0].id, productId);
    });

    it('refuse one without a token, and one whose user token is forged', async () => {
      await assert.rejects(products().call('GetProducts', { productIds: [] }), {
        code: status.PERMISSION_DENIED,
      });
      const forged = customer.token.replace(/.{6}$/, 'AAAAAA');
      const headers = {
        'x-fissile-internal': await new InternalTokens(SECRET, 'orders').tokenFor('products'),
        authorization: `Bearer ${forged}`,
      };
      await assert.rejects(products().call('GetProducts', { productIds: [] }, headers), {
        code: status.UNAUTHENTICATED,
      });
    });

    it('return errors as a status that any client understands', async () => {
      const users = stockClient(
        'libs/contract/proto',
        'users/users.proto',
        'fissile.users.v1.Users',
        shop.addressOf('users').rpc,
      );
      const notifications = new InternalTokens(SECRET, 'notifications');
      const headers = { 'x-fissile-internal': await notifications.tokenFor('users') };
      await assert.rejects(users.call('GetContact', { userId: 'nobody' }, headers), (error: ServiceError) => {
        assert.equal(error.code, status.NOT_FOUND);
        assert.match(error.details, /^user_not_found: /);
        return true;
      });
    });

    it('let each process call what the descriptions let it call, and nothing else', async () => {
      const outcomes: string[] = [];
      const expected: string[] = [];
      for (const { contract, context } of [
        ...shopProduct.contracts,
        ...ofEach(Operations),
        ...ofEach(Events),
        ...CONTEXTS.map((name) => ({ contract: Processes, context: addressOfProcess(name) })),
      ]) {
        for (const [method, { callers, needsAdmin }] of rulesOf(contract)) {
          for (const caller of shopProduct.components) {
            const headers = {
              'x-fissile-context': context,
              'x-fissile-internal': await new InternalTokens(SECRET, caller).tokenFor(context),
            };
            const address = shop.addressOf(
              CONTEXTS.find((name) => addressOfProcess(name) === context) ?? context,
            ).rpc;
            const code = await callInternally({ address, contract, method, headers });
            const isCaller = !callers || callers.includes('process') || callers.includes(caller);
            const row = `${caller} calls ${method} of ${contract.definition.name} of ${context}`;
            outcomes.push(
              `${row}: ${code === 'internal_port' || code === 'unauthenticated' ? code : 'taken'}`,
            );
            expected.push(
              `${row}: ${isCaller ? (needsAdmin ? 'unauthenticated' : 'taken') : 'internal_port'}`,
            );
          }
        }
      }
      assert.deepEqual(outcomes, expected);
      // The descriptions themselves say what they should.
      for (const row of [
        'products calls getContacts of Users of users: internal_port',
        'products calls discardDeadLetter of Operations of orders: internal_port',
        'products calls refundOrder of Payments of payments: internal_port',
        'products calls getSigningKeys of Users of users: taken',
        'gateway calls discardDeadLetter of Operations of orders: unauthenticated',
        'orders calls refundOrder of Payments of payments: taken',
        `products calls revoke of Processes of ${addressOfProcess('orders')}: internal_port`,
        `users calls revoke of Processes of ${addressOfProcess('orders')}: taken`,
        `users calls listSettings of Processes of ${addressOfProcess('orders')}: internal_port`,
        `gateway calls listSettings of Processes of ${addressOfProcess('orders')}: taken`,
      ]) {
        assert.ok(outcomes.includes(row), row);
      }
    });

    it('take from a process events of the contexts that it hosts, and no others', async () => {
      const address = shop.addressOf('notifications').rpc;
      const deliver = async (caller: string, source: string): Promise<string[]> => {
        const headers = {
          'x-fissile-context': 'notifications',
          'x-fissile-internal': await new InternalTokens(SECRET, caller).tokenFor('notifications'),
        };
        const envelope = JSON.stringify({
          specversion: '1.0',
          id: randomUUID(),
          source,
          type: 'nothing.happened.v1',
          subject: 'nothing',
          time: new Date().toISOString(),
          datacontenttype: 'application/json',
          data: {},
        });
        const call = { address, contract: Events, headers };
        return [
          await callInternally({ ...call, method: 'deliver', request: { envelope } }),
          await callInternally({ ...call, method: 'deliverAll', request: { envelopes: [envelope] } }),
        ];
      };
      assert.deepEqual(await deliver('orders', '/orders'), ['ok', 'ok']);
      for (const source of ['/orders', '/process', '/', 'orders', '/products/../orders'])
        assert.deepEqual(await deliver('products', source), ['internal_port', 'internal_port'], source);
    });

    it('refuse a process that calls in the name of a context that it does not host', async () => {
      const headers = {
        'x-fissile-caller': 'notifications',
        'x-fissile-internal': await new InternalTokens(SECRET, 'products').tokenFor('users'),
      };
      const address = shop.addressOf('users').rpc;
      const code = await callInternally({ address, contract: Users, method: 'getContacts', headers });
      assert.equal(code, 'internal_port');
      const metrics = await (await fetch(`${shop.addressOf('users').http}/metrics`)).text();
      assert.match(metrics, /^internal_trust_failures_total\{.*reason="caller".*\} [1-9]/m);
    });

    it('serve the standard health service', async () => {
      const folder = dirname(require.resolve('grpc-health-check/package.json'));
      const health = stockClient(
        `${folder}/proto`,
        'health/v1/health.proto',
        'grpc.health.v1.Health',
        shop.addressOf('orders').rpc,
      );
      assert.equal((await health.call('Check', { service: '' }))['status'], 1);
      assert.equal((await health.call('Check', { service: 'fissile.orders.v1.Orders' }))['status'], 1);
    });

    it('serve reflection', async () => {
      const folder = dirname(require.resolve('@grpc/reflection/package.json'));
      const { raw } = stockClient(
        `${folder}/build/proto`,
        'grpc/reflection/v1/reflection.proto',
        'grpc.reflection.v1.ServerReflection',
        shop.addressOf('orders').rpc,
      );
      const stream = raw.ServerReflectionInfo();
      const answer = new Promise<Json>((resolve, reject) => {
        stream.on('data', resolve).on('error', reject);
      });
      stream.write({ listServices: '' });
      const services = (await answer).listServicesResponse.service.map(({ name }: { name: string }) => name);
      stream.end();
      assert.ok(services.includes('fissile.orders.v1.Orders'), services.join());
    });
  });
});

// Only Fissile speaks these two protocols.
for (const [name, TRANSPORT] of [
  ['over TCP', 'tcp'],
  ['in a stream over gRPC', 'grpc'],
] as const) {
  describe(`Internal ports for calls ${name}`, () => {
    it('refuse who is not of the shop', async () => {
      const shop = await Shop.start({ env: { TOPOLOGY: 'split', TRANSPORT, INTERNAL_AUTH_SECRET: SECRET } });
      try {
        const [address = '', port] = shop.addressOf('users').rpc.split(':');
        const settings = {
          TRANSPORT,
          GRPC_CALLS: 'stream',
          TRANSPORT_PREFIX: shop.databasePrefix,
          CALL_LIMIT_BYTES: 4 * 1024 * 1024,
        };
        const transport = await transportOf(settings as TransportSettings);
        const client = transport.connect({ address, port: Number(port), context: 'users' }, [USERS]);
        const call = (metadata: Record<string, string>) =>
          client.call({
            context: 'users',
            service: USERS.fullName,
            method: 'GetSigningKeys',
            isIdempotent: false,
            body: new Uint8Array(),
            metadata,
            timeoutMs: 5_000,
            cancellation: new CancellationToken(),
          });
        await assert.rejects(call({}), { code: 'internal_port', status: 403 });
        const good = await new InternalTokens(SECRET, 'gateway').tokenFor('users');
        assert.ok((await call({ 'x-fissile-internal': good })).length > 0);
        await client.close();
      } finally {
        await shop.close();
      }
    });
  });
}

for (const [what, TRANSPORT, begin] of [
  ['a frame over TCP', 'tcp', slowFrame],
  [
    'a message over gRPC',
    'grpc',
    (address: string) => slowMessage(address, `/${USERS.fullName}/GetSigningKeys`),
  ],
  ['a stream over gRPC', 'grpc', (address: string) => slowMessage(address, EXCHANGE)],
] as const) {
  it(`Internal ports keep little of ${what} from strangers, each of which announces 8 MiB and sends half of it`, async () => {
    const shop = await Shop.start({ env: { TOPOLOGY: 'split', TRANSPORT, INTERNAL_AUTH_SECRET: SECRET } });
    const strangers: Stranger[] = [];
    try {
      const { http, rpc } = shop.addressOf('users');
      const resident = async (): Promise<number> => {
        const metrics = await (await fetch(`${http}/metrics`)).text();
        return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(metrics)?.[1]);
      };
      const before = await resident();
      for (let index = 0; index < STRANGERS; index += 1) strangers.push(begin(rpc));
      await Promise.all(strangers.map(({ served }) => served));
      const grown = ((await resident()) - before) / 1024 / 1024;
      assert.ok(grown < MOST_GROWN_MIB, `it has grown by ${grown.toFixed()} MiB`);
    } finally {
      for (const stranger of strangers) stranger.leave();
      await shop.close();
    }
  });
}
