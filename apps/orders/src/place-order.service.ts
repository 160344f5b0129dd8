import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { ContextError } from '@fissile/kit/contract';
import { Products, ProductStatus } from '#contracts/products';
import { Breakers, Fallbacks } from '@fissile/kit/rpc';
import { hasEnded, SagaEngine, Sagas } from '@fissile/kit/saga';
import { IdempotencyKeys } from './data/idempotency-keys.js';
import { OrderRepository } from './data/order-repository.js';
import { asPlaced, type Order } from './domain/order.js';
import {
  type PricedOrder,
  priceOrder,
  type ProductForSale,
  type RequestedItem,
} from './domain/price-order.js';
import { OrdersFeatures } from './orders.features.js';
import { CALLED, type CalledContext, PlaceOrderSaga } from './sagas/place-order.saga.js';

/** How long a request waits for the end of a placement. */
const ANSWER_WITHIN_MS = 5_000;

/** The same while a circuit breaker tries whether its context is available again. */
const ANSWER_IN_TRIAL_WITHIN_MS = 500;

/** The Retry-After in seconds while the shop takes no orders. */
const PAUSE_S = 30;

export interface PlaceOrderRequest {
  readonly items: readonly RequestedItem[];
  readonly payment: { readonly method: string };
  readonly currency?: string | undefined;
}

export interface Placement {
  readonly order: Order;
  /** False when the placement continues in the background. */
  readonly ended: boolean;
  /** The context that is unavailable: it continues as soon as that is back. */
  readonly awaits?: CalledContext | undefined;
}

/** Places a customer's order. */
@Injectable()
export class PlaceOrderService {
  constructor(
    private readonly products: Products,
    private readonly orders: OrderRepository,
    private readonly keys: IdempotencyKeys,
    private readonly saga: PlaceOrderSaga,
    private readonly engine: SagaEngine,
    private readonly sagas: Sagas,
    private readonly breakers: Breakers,
    private readonly fallbacks: Fallbacks,
    private readonly features: OrdersFeatures,
  ) {}

  /** @param key makes a retry of the request safe: it returns the same order */
  async place(userId: string, request: PlaceOrderRequest, key?: string): Promise<Placement> {
    if (key === undefined) return this.placeNew(userId, request, null);
    const requestHash = hashOf(request);
    try {
      return await this.placeNew(userId, request, { key, requestHash });
    } catch (error) {
      // The key keeps an order from being placed twice; and an existing order is returned even if no new one could be
      // placed now.
      const earlier = await this.placedBefore(userId, key, requestHash);
      if (!earlier) throw error;
      return earlier;
    }
  }

  private async placedBefore(
    userId: string,
    key: string,
    requestHash: string,
  ): Promise<Placement | undefined> {
    const used = await this.keys.find(userId, key);
    if (!used) return undefined;
    if (used.requestHash.toString('hex') !== requestHash) throw ContextError.of('idempotency_key_reused');
    const [placement] = await this.sagas.bySubject(used.orderId);
    if (!placement || hasEnded(placement.status)) return this.read(used.orderId, true);
    return this.answer(used.orderId, placement.id);
  }

  private async placeNew(
    userId: string,
    request: PlaceOrderRequest,
    idempotency: { key: string; requestHash: string } | null,
  ): Promise<Placement> {
    if (!this.features.FEATURE_ORDERS)
      throw ContextError.of('orders_paused', undefined, { retryAfter: PAUSE_S });
    const priced = await this.price(request);
    const orderId = uuidv7();
    const paymentMethod = request.payment.method;
    const sagaId = await this.saga.start({ orderId, userId, ...priced, paymentMethod, idempotency });
    return this.answer(orderId, sagaId);
  }

  private async price({ items, currency }: PlaceOrderRequest): Promise<PricedOrder> {
    const { products } = await this.products.getProducts({ productIds: items.map((item) => item.productId) });
    const catalogue = products.map((product): ProductForSale => ({
      id: product.id,
      sku: product.sku,
      name: product.name,
      priceMinor: product.price?.amountMinor ?? 0,
      currency: product.price?.currency ?? '',
      active: product.status === ProductStatus.ACTIVE && product.price !== undefined,
    }));
    const pricing = priceOrder(items, catalogue, currency);
    if (pricing.ok) return pricing.order;
    const { code, productId } = pricing;
    throw ContextError.of(code, undefined, productId === undefined ? {} : { productId });
  }

  private async answer(orderId: string, sagaId: string): Promise<Placement> {
    const saga = await this.engine.waitForRest(sagaId, this.answerWithinMs());
    const confirmed = saga && PlaceOrderSaga.confirmedOrder(saga);
    if (confirmed) return { order: confirmed, ended: true };
    if (saga && hasEnded(saga.status)) return this.read(orderId, true);
    if (saga && PlaceOrderSaga.awaitsCustomer(saga)) return this.read(orderId, false);
    const awaits = this.unavailable() ?? (saga && PlaceOrderSaga.calledLast(saga));
    if (awaits) this.fallbacks.used('pending-order');
    return { ...(await this.read(orderId, false)), awaits };
  }

  private answerWithinMs(): number {
    const states = CALLED.map((context) => this.breakers.stateOfCalls(context));
    if (states.includes('open')) return 0;
    return states.includes('half-open') ? ANSWER_IN_TRIAL_WITHIN_MS : ANSWER_WITHIN_MS;
  }

  /** As far as the circuit breakers know. */
  private unavailable(): CalledContext | undefined {
    return CALLED.find((context) => this.breakers.stateOfCalls(context) !== 'closed');
  }

  private async read(orderId: string, ended: boolean): Promise<Placement> {
    const order = await this.orders.find(orderId);
    if (!order) throw ContextError.of('order_not_found');
    return { order: ended ? asPlaced(order) : order, ended };
  }
}

/** The same for bodies that are equal, whatever the order of their fields. */
function hashOf({ items, payment, currency }: PlaceOrderRequest): string {
  const lines = items.map(({ productId, quantity }) => [productId, quantity]);
  return createHash('sha256')
    .update(JSON.stringify([lines, payment.method, currency ?? null]))
    .digest('hex');
}
