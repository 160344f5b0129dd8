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
import { openPool, transaction } from './pools.js';
import {
  charge,
  confirm,
  createOrder,
  findProducts,
  findUsedKey,
  type Placement,
  reserve,
} from './statements.js';

/**
 * What a careful engineer writes without us: Fastify and pg, a database for each context, four durable transactions for
 * an order, validation and authentication. It does not resume, compensate or deliver events.
 */
pg.defaults.parseInt8 = true;
const pools = {
  orders: openPool('orders'),
  products: openPool('products'),
  inventory: openPool('inventory'),
  payments: openPool('payments'),
};
const authenticate = await authenticator();
const server = Fastify();

server.post('/api/orders', async (request, reply) => {
  const userId = await authenticate(request.headers.authorization);
  const body = PlaceOrder.parse(request.body);
  const key = String(request.headers['idempotency-key']);
  if (await findUsedKey(pools.orders, userId, key)) return reply.code(409).send();
  const ids = body.items.map(({ productId }) => productId);
  const priced = priceOf(body, await findProducts<ProductForSale>(pools.products, ids));
  const orderId = uuidv7();
  const placement: Placement = { ...priced, orderId, userId, key, requestHash: hashOf(body) };
  await transaction(pools.orders, (client) => createOrder(client, placement));
  await transaction(pools.inventory, (client) => reserve(client, orderId, placement.lines));
  const paymentId = await transaction(pools.payments, (client) => charge(client, placement));
  await transaction(pools.orders, (client) => confirm(client, placement, paymentId));
  return reply.code(201).send(toAnswer(orderId, userId, priced, paymentId));
});

console.log(`listening on ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
