import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { Api, type Customer, OtlpCollector, type OtlpSpan, Shop, until } from '#libs/testing';

const SETTINGS = { OTEL_BSP_SCHEDULE_DELAY: '100' };

const TOPOLOGIES: Record<string, Record<string, string>> = {
  monolith: { TOPOLOGY: 'monolith', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
  split: { TOPOLOGY: 'split', TRANSPORT: 'grpc' },
};

for (const [topology, env] of Object.entries(TOPOLOGIES)) {
  describe(`Traces of the shop as ${topology}`, () => {
    let collector: OtlpCollector;
    let smtp: SMTPServer;
    let shop: Shop;
    let api: Api;
    let customer: Customer;
    let productId: string;
    let order: OtlpSpan[];

    before(async () => {
      collector = await OtlpCollector.open();
      smtp = new SMTPServer({ disabledCommands: ['AUTH', 'STARTTLS'] });
      await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
      const { port } = smtp.server.address() as AddressInfo;
      shop = await Shop.start({
        env: {
          ...SETTINGS,
          ...env,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=the-collectors-key',
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
          SMTP_URL: `smtp://127.0.0.1:${port}`,
        },
      });
      api = new Api(shop);
      const admin = await api.admin();
      customer = await api.customer();
      productId = await api.product(admin, { stock: 5 });
      const placed = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
      assert.equal(placed.status, 201, JSON.stringify(placed.body));
      order = await until('the whole order has arrived', () => {
        const request = collector.spans.find(
          ({ name, kind }) => kind === 'server' && name === 'POST /api/orders',
        );
        const trace = request ? collector.trace(request.traceId) : [];
        return trace.some(({ name }) => name === 'SMTP send') && hasAllParents(trace) ? trace : undefined;
      });
    });

    after(async () => {
      await shop.close();
      await collector.close();
      await new Promise<void>((closed) => smtp.close(closed));
    });

    it('an order is one trace, from its request to the mail that confirms it', () => {
      const names = new Set(order.map(({ name }) => name));
      for (const name of [
        'POST /api/orders',
        'fissile.products.v1.Products/GetProducts',
        'fissile.inventory.v1.Inventory/Reserve',
        'fissile.payments.v1.Payments/Charge',
        'place-order create-order',
        'place-order reserve-inventory',
        'place-order process-payment',
        'place-order confirm-order',
        'charge sandbox',
        'INSERT outbox',
        'publish orders.confirmed.v1',
        'process orders.confirmed.v1',
        'INSERT notifications',
        'deliver orders.confirmed.v1',
        'SMTP send',
      ]) {
        assert.ok(names.has(name), `${name} is missing in ${[...names].sort().join(', ')}`);
      }
    });
  });
}

function hasAllParents(trace: readonly OtlpSpan[]): boolean {
  const ids = new Set(trace.map(({ spanId }) => spanId));
  return trace.every(({ parentSpanId }) => parentSpanId === '' || ids.has(parentSpanId));
}
