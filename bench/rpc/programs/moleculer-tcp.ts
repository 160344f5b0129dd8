import { ServiceBroker } from 'moleculer';
import { ANSWER, REQUEST } from '../sample.js';
import { readMeeting, standReady } from '../side.js';

/**
 * Moleculer over its own TCP transporter, with its JSON. The two sides know each other's address, so nothing is
 * announced.
 */
const { role, port } = readMeeting();
const ports = { callee: port, caller: port + 1 };
const broker = new ServiceBroker({
  nodeID: role,
  logLevel: 'error',
  transporter: {
    type: 'TCP',
    options: {
      port: ports[role],
      udpDiscovery: false,
      urls: `tcp://127.0.0.1:${ports.callee}/callee,tcp://127.0.0.1:${ports.caller}/caller`,
    },
  },
});
if (role === 'callee') {
  broker.createService({ name: 'products', actions: { getProducts: () => ANSWER } });
  await broker.start();
  await standReady();
} else {
  await broker.start();
  await broker.waitForServices('products', 30_000);
  await standReady(() => broker.call('products.getProducts', REQUEST));
}
