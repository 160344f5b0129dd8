import 'reflect-metadata';
import { Body, Controller, Headers, HttpCode, Inject, Injectable, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Column, DataSource, Entity, In, PrimaryColumn, Raw } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { authenticator, hashOf, PlaceOrder, type PricedOrder, priceOf, toAnswer } from './order-request.js';
import { databaseUrl } from './pools.js';

/** The same as most teams write it: a Nest controller, a service, and TypeORM's entities and repositories. */

@Entity('idempotency_keys')
class IdempotencyKey {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;
  @PrimaryColumn('text') key!: string;
  @Column('bytea', { name: 'request_hash' }) requestHash!: Buffer;
  @Column('uuid', { name: 'order_id' }) orderId!: string;
}

@Entity('orders')
class Order {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'user_id' }) userId!: string;
  @Column('text') status!: string;
  @Column('char', { length: 3 }) currency!: string;
  @Column('bigint', { name: 'total_minor' }) totalMinor!: number;
  @Column('uuid', { name: 'payment_id', nullable: true }) paymentId!: string | null;
  @Column('timestamptz', { name: 'confirmed_at', nullable: true }) confirmedAt!: Date | null;
}

@Entity('order_lines')
class OrderLine {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @PrimaryColumn('integer') position!: number;
  @Column('uuid', { name: 'product_id' }) productId!: string;
  @Column('text') sku!: string;
  @Column('text') name!: string;
  @Column('integer') quantity!: number;
  @Column('bigint', { name: 'unit_price_minor' }) unitPriceMinor!: number;
}

@Entity('products')
class Product {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') sku!: string;
  @Column('text') name!: string;
  @Column('bigint', { name: 'price_minor' }) priceMinor!: number;
  @Column('char', { length: 3 }) currency!: string;
  @Column('text') status!: string;
}

@Entity('stock')
class Stock {
  @PrimaryColumn('uuid', { name: 'product_id' }) productId!: string;
  @Column('bigint', { name: 'on_hand' }) onHand!: number;
  @Column('bigint') reserved!: number;
}

@Entity('reservations')
class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') status!: string;
  @Column('uuid', { name: 'product_ids', array: true }) productIds!: string[];
  @Column('bigint', { array: true }) quantities!: number[];
}

@Entity('sandbox_charges')
class Charge {
  @PrimaryColumn('text') key!: string;
  @Column('text') reference!: string;
  @Column('bigint', { name: 'amount_minor' }) amountMinor!: number;
  @Column('text') currency!: string;
  @Column('text') outcome!: string;
}

@Entity('payments')
class Payment {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'order_id' }) orderId!: string;
  @Column('uuid', { name: 'user_id' }) userId!: string;
  @Column('bigint', { name: 'amount_minor' }) amountMinor!: number;
  @Column('text') currency!: string;
  @Column('text') method!: string;
  @Column('text') status!: string;
  @Column('text') reference!: string;
}

@Entity('outbox')
class OutboxEvent {
  @PrimaryColumn('uuid', { name: 'event_id' }) eventId!: string;
  @Column('text') type!: string;
  @Column('text') key!: string;
  @Column('jsonb') envelope!: object;
}

const open = (name: string, entities: (new () => object)[]): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url: databaseUrl(name),
    entities,
    poolSize: 10,
    parseInt8: true,
  }).initialize();

const databases = {
  orders: await open('orders', [IdempotencyKey, Order, OrderLine, OutboxEvent]),
  products: await open('products', [Product]),
  inventory: await open('inventory', [Stock, Reservation]),
  payments: await open('payments', [Charge, Payment, OutboxEvent]),
};
const authenticate = await authenticator();

@Injectable()
class OrderService {
  async place(userId: string, body: PlaceOrder, key: string): Promise<object> {
    const used = await databases.orders.getRepository(IdempotencyKey).findOneBy({ userId, key });
    if (used) throw new Error('the key is used');
    const priced = await this.price(body);
    const orderId = uuidv7();
    await this.create(orderId, userId, priced, { key, requestHash: hashOf(body) });
    await this.reserve(orderId, priced);
    const paymentId = await this.charge(orderId, userId, priced);
    await this.confirm(orderId, userId, priced, paymentId);
    return toAnswer(orderId, userId, priced, paymentId);
  }

  private async price(body: PlaceOrder): Promise<PricedOrder> {
    const ids = body.items.map(({ productId }) => productId);
    const products = await databases.products
      .getRepository(Product)
      .findBy({ id: In(ids), status: 'active' });
    return priceOf(
      body,
      products.map((product) => ({ ...product, price_minor: product.priceMinor })),
    );
  }

  private async create(
    orderId: string,
    userId: string,
    { lines, totalMinor, currency }: PricedOrder,
    idempotency: { key: string; requestHash: Buffer },
  ): Promise<void> {
    await databases.orders.transaction(async (manager) => {
      await manager.insert(IdempotencyKey, { userId, orderId, ...idempotency });
      await manager.insert(Order, { id: orderId, userId, status: 'pending', currency, totalMinor });
      await manager.insert(
        OrderLine,
        lines.map((line, position) => ({ ...line, orderId, position })),
      );
    });
  }

  private async reserve(orderId: string, { lines }: PricedOrder): Promise<void> {
    await databases.inventory.transaction(async (manager) => {
      const productIds = lines.map((line) => line.productId);
      const quantities = lines.map((line) => line.quantity);
      await manager.insert(Reservation, { orderId, status: 'reserved', productIds, quantities });
      const ascending = [...lines].sort((one, other) => (one.productId < other.productId ? -1 : 1));
      for (const { productId, quantity } of ascending) {
        const { affected } = await manager.update(
          Stock,
          { productId, onHand: Raw((column) => `${column} - reserved >= :quantity`, { quantity }) },
          { reserved: () => `reserved + ${quantity}` },
        );
        if (affected !== 1) throw new Error('there is not enough stock');
      }
    });
  }

  private async charge(
    orderId: string,
    userId: string,
    { totalMinor: amountMinor, currency }: PricedOrder,
  ): Promise<string> {
    const id = uuidv7();
    const reference = `sandbox_${orderId}`;
    await databases.payments.transaction(async (manager) => {
      await manager.insert(Charge, { key: orderId, reference, amountMinor, currency, outcome: 'captured' });
      const payment = { id, orderId, userId, amountMinor, currency, reference };
      await manager.insert(Payment, { ...payment, method: 'pm_card_ok', status: 'captured' });
      await manager.insert(OutboxEvent, eventOf('payments.captured.v1', orderId, { paymentId: id, orderId }));
    });
    return id;
  }

  private async confirm(
    orderId: string,
    userId: string,
    { totalMinor, currency }: PricedOrder,
    paymentId: string,
  ): Promise<void> {
    await databases.orders.transaction(async (manager) => {
      await manager.update(
        Order,
        { id: orderId, status: 'pending' },
        { status: 'confirmed', paymentId, confirmedAt: new Date() },
      );
      const total = { amountMinor: totalMinor, currency };
      await manager.insert(OutboxEvent, eventOf('orders.confirmed.v1', orderId, { orderId, userId, total }));
    });
  }
}

function eventOf(type: string, key: string, data: object) {
  const eventId = uuidv7();
  const time = new Date().toISOString();
  return {
    eventId,
    type,
    key,
    envelope: { specversion: '1.0', id: eventId, type, subject: key, time, data },
  };
}

@Controller('api/orders')
class OrdersController {
  constructor(@Inject(OrderService) private readonly orders: OrderService) {}

  @Post()
  @HttpCode(201)
  async place(
    @Body() body: unknown,
    @Headers('authorization') authorization: string,
    @Headers('idempotency-key') key: string,
  ): Promise<object> {
    const userId = await authenticate(authorization);
    return this.orders.place(userId, PlaceOrder.parse(body), key);
  }
}

@Module({ controllers: [OrdersController], providers: [OrderService] })
class ShopModule {}

const app = await NestFactory.create<NestFastifyApplication>(ShopModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
});
await app.listen(0, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
