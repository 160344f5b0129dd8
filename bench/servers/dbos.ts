import { DBOS } from '@dbos-inc/dbos-sdk';
import Fastify from 'fastify';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import {
  authenticator,
  hashOf,
  PlaceOrder,
  priceOf,
  type ProductForSale,
  toAnswer,
} from './order-request.js';
import { databaseUrl, openPool, transaction } from './pools.js';
import {
  charge,
  confirm,
  createOrder,
  findProducts,
  findUsedKey,
  type Placement,
  reserve,
} from './statements.js';

/** The same as a durable workflow of DBOS Transact, which resumes; a step for each of the four transactions. */
pg.defaults.parseInt8 = true;
const pools = {
  orders: openPool('orders'),
  products: openPool('products'),
  inventory: openPool('inventory'),
  payments: openPool('payments'),
};
const authenticate = await authenticator();
const server = Fastify();

const placeOrder = DBOS.registerWorkflow(
  async (placement: Placement): Promise<string> => {
    await DBOS.runStep(() => transaction(pools.orders, (client) => createOrder(client, placement)), {
      name: 'create-order',
    });
    const { orderId, lines } = placement;
    await DBOS.runStep(() => transaction(pools.inventory, (client) => reserve(client, orderId, lines)), {
      name: 'reserve-inventory',
    });
    const paymentId = await DBOS.runStep(
      () => transaction(pools.payments, (client) => charge(client, placement)),
      { name: 'process-payment' },
    );
    await DBOS.runStep(() => transaction(pools.orders, (client) => confirm(client, placement, paymentId)), {
      name: 'confirm-order',
    });
    return paymentId;
  },
  { name: 'place-order' },
);

server.post('/api/orders', async (request, reply) => {
  const userId = await authenticate(request.headers.authorization);
  const body = PlaceOrder.parse(request.body);
  const key = String(request.headers['idempotency-key']);
  if (await findUsedKey(pools.orders, userId, key)) return reply.code(409).send();
  const ids = body.items.map(({ productId }) => productId);
  const priced = priceOf(body, await findProducts<ProductForSale>(pools.products, ids));
  const orderId = uuidv7();
  const placement: Placement = { ...priced, orderId, userId, key, requestHash: hashOf(body) };
  const handle = await DBOS.startWorkflow(placeOrder, { workflowID: orderId })(placement);
  const paymentId = await handle.getResult();
  return reply.code(201).send(toAnswer(orderId, userId, priced, paymentId));
});

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl('dbos'), logLevel: 'warn' });
await DBOS.launch();
console.log(`listening on ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
