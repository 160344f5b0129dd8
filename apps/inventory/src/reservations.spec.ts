import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { ContextError } from '@fissile/kit/contract';
import { MESSAGING_MIGRATIONS, Outbox } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { INVENTORY_MIGRATIONS } from './data/inventory.migration.js';
import { ReservationRepository } from './data/reservation-repository.js';
import { StockEntity } from './data/stock.entity.js';
import { StockRepository } from './data/stock-repository.js';
import { ReservationService } from './reservation.service.js';
import { ShipmentService } from './shipment.service.js';

describe('Reservations', () => {
  let opened: TestDatabase;
  let service: ReservationService;
  let stock: StockRepository;
  let shipments: ShipmentService;

  before(async () => {
    opened = await openTestDatabase({
      entities: [StockEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...INVENTORY_MIGRATIONS],
    });
    const { database } = opened;
    const reservations = new ReservationRepository();
    service = new ReservationService(database, reservations, new Outbox(database));
    stock = new StockRepository(database);
    shipments = new ShipmentService(database, reservations, stock);
  });

  after(() => opened.close());

  async function product(onHand: number): Promise<string> {
    const productId = uuidv7();
    await opened.database.query('INSERT INTO stock (product_id, on_hand) VALUES ($1, $2)', [
      productId,
      onHand,
    ]);
    return productId;
  }

  const codeOf = (error: unknown): string => (error instanceof ContextError ? error.code : String(error));

  it('of many orders for the last unit one gets it', async () => {
    const productId = await product(1);
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        service.reserve(uuidv7(), [{ productId, quantity: 1 }]).then(() => 'ok', codeOf),
      ),
    );
    assert.deepEqual(
      results.filter((result) => result !== 'stock_insufficient'),
      ['ok'],
    );
  });

  it('an order gets all of its lines or none', async () => {
    const [plenty, scarce] = [await product(10), await product(1)];
    const lines = [
      { productId: plenty, quantity: 5 },
      { productId: scarce, quantity: 2 },
    ];
    await assert.rejects(service.reserve(uuidv7(), lines), {
      code: 'stock_insufficient',
      details: { productId: scarce },
    });
    assert.equal((await stock.find(plenty))?.reserved, 0);
  });

  it('the same order reserves once and releases once', async () => {
    const productId = await product(10);
    const orderId = uuidv7();
    const lines = [{ productId, quantity: 4 }];
    await Promise.all([
      service.reserve(orderId, lines),
      service.reserve(orderId, lines),
      service.reserve(orderId, lines),
    ]);
    assert.equal((await stock.find(productId))?.reserved, 4);
    await Promise.all([service.release(orderId), service.release(orderId)]);
    assert.equal((await stock.find(productId))?.reserved, 0);
  });

  it('a reservation that arrives after its release is refused', async () => {
    const productId = await product(10);
    const orderId = uuidv7();
    await service.release(orderId);
    await assert.rejects(service.reserve(orderId, [{ productId, quantity: 1 }]), {
      code: 'reservation_released',
    });
    assert.equal((await stock.find(productId))?.reserved, 0);
  });

  it('what is shipped leaves the stock once, and comes back once', async () => {
    const productId = await product(10);
    const orderId = uuidv7();
    await service.reserve(orderId, [{ productId, quantity: 4 }]);
    await Promise.all([shipments.ship(orderId), shipments.ship(orderId)]);
    assert.deepEqual({ ...(await stock.find(productId)) }, { productId, onHand: 6, reserved: 0, version: 2 });
    await service.release(orderId);
    await service.reserve(orderId, [{ productId, quantity: 4 }]);
    assert.equal((await stock.find(productId))?.onHand, 6, 'what arrives late changes nothing');
    await Promise.all([shipments.restock(orderId), shipments.restock(orderId)]);
    await shipments.ship(orderId);
    assert.deepEqual(
      { ...(await stock.find(productId)) },
      { productId, onHand: 10, reserved: 0, version: 3 },
    );
    const changes = await opened.database.query(
      'SELECT delta FROM adjustments WHERE product_id = $1 ORDER BY id',
      [productId],
    );
    assert.deepEqual(changes, [{ delta: -4 }, { delta: 4 }]);
  });

  it('what is not reserved is not shipped, and what is not shipped does not come back', async () => {
    const productId = await product(10);
    const orderId = uuidv7();
    await assert.rejects(shipments.ship(orderId), /is missing, expected shipped or returned/);
    await service.reserve(orderId, [{ productId, quantity: 4 }]);
    await assert.rejects(shipments.restock(orderId), /is reserved, expected returned/);
    await service.release(orderId);
    await assert.rejects(shipments.ship(orderId), /is released, expected shipped or returned/);
    assert.equal((await stock.find(productId))?.onHand, 10);
  });

  it('orders with the same products in another order do not block each other', async () => {
    const [one, two] = [await product(1_000), await product(1_000)];
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const lines = [
          { productId: one, quantity: 1 },
          { productId: two, quantity: 1 },
        ];
        return service.reserve(uuidv7(), index % 2 === 0 ? lines : lines.reverse());
      }),
    );
    assert.deepEqual([(await stock.find(one))?.reserved, (await stock.find(two))?.reserved], [30, 30]);
  });

  it('any interleaving of reservations, releases, shipments and returns conserves the stock', async () => {
    const step = fc.record({
      order: fc.nat(4),
      kind: fc.constantFrom('reserve', 'reserve', 'release', 'ship', 'restock'),
      quantity: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.boolean(), async (steps, sideBySide) => {
        const productId = await product(10);
        const orders = Array.from({ length: 5 }, () => uuidv7());
        const run = ({ order, kind, quantity }: (typeof steps)[number]) => {
          const orderId = orders[order] ?? '';
          if (kind === 'reserve') return service.reserve(orderId, [{ productId, quantity }]).catch(codeOf);
          if (kind === 'release') return service.release(orderId);
          return shipments[kind](orderId).catch(codeOf);
        };
        if (sideBySide) await Promise.all(steps.map(run));
        else for (const each of steps) await run(each);
        const [row] = await opened.database.query<{ promised: number; gone: number }>(
          `SELECT coalesce(sum(quantities[1]) FILTER (WHERE status = 'reserved'), 0)::integer AS promised,
                  coalesce(sum(quantities[1]) FILTER (WHERE status = 'shipped'), 0)::integer AS gone
           FROM reservations WHERE order_id = ANY($1)`,
          [orders],
        );
        const found = await stock.find(productId);
        assert.ok(found && row);
        assert.equal(found.reserved, row.promised);
        assert.equal(found.onHand, 10 - row.gone);
        assert.ok(found.reserved >= 0 && found.reserved <= found.onHand);
      }),
      { numRuns: 40 },
    );
  });
});
