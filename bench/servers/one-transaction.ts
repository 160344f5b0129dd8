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

/** The same by hand in one database and one transaction: the floor, which nothing that can be split reaches. */
pg.defaults.parseInt8 = true;
const pool = openPool('all');
const authenticate = await authenticator();
const server = Fastify();

server.post('/api/orders', async (request, reply) => {
  const userId = await authenticate(request.headers.authorization);
  const body = PlaceOrder.parse(request.body);
  const key = String(request.headers['idempotency-key']);
  if (await findUsedKey(pool, userId, key)) return reply.code(409).send();
  const ids = body.items.map(({ productId }) => productId);
  const priced = priceOf(body, await findProducts<ProductForSale>(pool, ids));
  const orderId = uuidv7();
  const placement: Placement = { ...priced, orderId, userId, key, requestHash: hashOf(body) };
  const paymentId = await transaction(pool, async (client) => {
    await createOrder(client, placement);
    await reserve(client, orderId, placement.lines);
    const id = await charge(client, placement);
    await confirm(client, placement, id);
    return id;
  });
  return reply.code(201).send(toAnswer(orderId, userId, priced, paymentId));
});

console.log(`listening on ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
