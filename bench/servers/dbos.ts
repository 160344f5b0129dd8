import { DBOS } from '@dbos-inc/dbos-sdk';
import { serveOrders } from './order-server.js';
import { databaseUrl, openPools, transaction } from './pools.js';
import { charge, confirm, createOrder, type Placement, reserve } from './statements.js';

/** The same as a durable workflow of DBOS Transact, which resumes; a step for each of the four transactions. */
const pools = openPools();

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

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl('dbos'), logLevel: 'warn' });
await DBOS.launch();

await serveOrders({
  ...pools,
  place: async (placement) => {
    const handle = await DBOS.startWorkflow(placeOrder, { workflowID: placement.orderId })(placement);
    return handle.getResult();
  },
});
