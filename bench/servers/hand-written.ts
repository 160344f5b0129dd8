import { serveOrders } from './order-server.js';
import { openPools, transaction } from './pools.js';
import { charge, confirm, createOrder, reserve } from './statements.js';

/**
 * What a careful engineer writes without Fissile: Fastify and pg, a database for each context, four durable
 * transactions per order, validation and authentication. It does not resume, compensate or deliver events.
 */
const pools = openPools();

await serveOrders({
  ...pools,
  place: async (placement) => {
    const { orderId, lines } = placement;
    await transaction(pools.orders, (client) => createOrder(client, placement));
    await transaction(pools.inventory, (client) => reserve(client, orderId, lines));
    const paymentId = await transaction(pools.payments, (client) => charge(client, placement));
    await transaction(pools.orders, (client) => confirm(client, placement, paymentId));
    return paymentId;
  },
});
