import Fastify from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import {
  authenticator,
  hashOf,
  PlaceOrder,
  priceOf,
  type ProductForSale,
  toAnswer,
} from './order-request.js';
import { findProducts, findUsedKey, type Placement, type Runner } from './statements.js';

/** The differences between the hand-written servers. */
export interface Placing {
  /** Where the idempotency keys of orders are stored. */
  readonly orders: Runner;
  readonly products: Runner;
  /** Places a validated and priced order. @returns the payment's id */
  place(placement: Placement): Promise<string>;
}

/** Serves the one route: authenticates, validates, prices, and places the order. */
export async function serveOrders({ orders, products, place }: Placing): Promise<void> {
  const authenticate = await authenticator();
  const server = Fastify();
  server.post('/api/orders', async (request, reply) => {
    const userId = await authenticate(request.headers.authorization);
    const body = PlaceOrder.parse(request.body);
    const key = String(request.headers['idempotency-key']);
    if (await findUsedKey(orders, userId, key)) return reply.code(409).send();
    const ids = body.items.map(({ productId }) => productId);
    const priced = priceOf(body, await findProducts<ProductForSale>(products, ids));
    const orderId = uuidv7();
    const paymentId = await place({ ...priced, orderId, userId, key, requestHash: hashOf(body) });
    return reply.code(201).send(toAnswer(orderId, userId, priced, paymentId));
  });
  console.log(`listening on ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
}
