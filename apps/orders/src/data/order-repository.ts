import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import type { AmountFilter } from '#contracts/money';
import {
  Database,
  idOrder,
  idsOfPage,
  type MadeBetween,
  numbersBetween,
  type PageOfRows,
  type Transaction,
} from '@fissile/kit/database';
import {
  type CancelReason,
  INITIAL_STATUS,
  type Order,
  type OrderStatus,
  statusesBefore,
} from '../domain/order.js';
import { OrderEntity } from './order.entity.js';

const IS_INITIAL = isOneOf([INITIAL_STATUS]);
/** The assignment of a status, and the condition that the transition table sets for it. */
const CONFIRMED = moveTo('confirmed');
const CANCELLED = moveTo('cancelled');

/** The statements that change nothing but the status, by the status that they lead to. */
const MOVES = {
  cancelling: moveStatement('cancelling'),
  shipping: moveStatement('shipping'),
  shipped: moveStatement('shipped'),
  returning: moveStatement('returning'),
  returned: moveStatement('returned'),
} as const;

const INSERT_ORDERS = `
  INSERT INTO orders (id, user_id, status, currency, total_minor, created_at, updated_at)
  SELECT id, user_id, '${INITIAL_STATUS}', currency, total_minor, placed_at, placed_at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[])
    AS placed (id, user_id, currency, total_minor, placed_at)`;

const INSERT_LINES = `
  INSERT INTO order_lines (order_id, position, product_id, sku, name, quantity, unit_price_minor)
  SELECT * FROM unnest(
    $1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::integer[], $7::bigint[])`;

/** A customer's concurrent request for cancellation wins. */
const CONFIRM = `
  UPDATE orders SET ${CONFIRMED.set}, payment_id = paid.payment_id, confirmed_at = paid.at, updated_at = paid.at
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS paid (order_id, payment_id, at)
  WHERE id = paid.order_id AND ${CONFIRMED.isAllowed} AND NOT cancel_requested
  RETURNING id`;

const REQUEST_CANCELLATION = `
  UPDATE orders SET cancel_requested = true WHERE id = $1 AND ${IS_INITIAL} RETURNING id`;

const CANCEL = `
  UPDATE orders
  SET ${CANCELLED.set}, reason_code = $2, reason_message = $3, payment_id = coalesce($4, payment_id),
      updated_at = now()
  WHERE id = $1 AND ${CANCELLED.isAllowed}
  RETURNING id`;

export interface NewOrder {
  readonly id: string;
  readonly userId: string;
  readonly lines: Order['lines'];
  readonly totalMinor: number;
  readonly currency: string;
  readonly createdAt: Date;
}

export interface PaidOrder {
  readonly orderId: string;
  readonly paymentId: string;
  readonly confirmedAt: Date;
}

export interface OrderFilter extends AmountFilter, MadeBetween {
  /** Only this user's orders. */
  readonly userId?: string | undefined;
  readonly id?: string | undefined;
  readonly status?: OrderStatus | undefined;
}

@Injectable()
export class OrderRepository {
  constructor(private readonly database: Database) {}

  insert(transaction: Transaction, orders: readonly NewOrder[]): void {
    transaction.queue(INSERT_ORDERS, [
      orders.map(({ id }) => id),
      orders.map(({ userId }) => userId),
      orders.map(({ currency }) => currency),
      orders.map(({ totalMinor }) => totalMinor),
      orders.map(({ createdAt }) => createdAt),
    ]);
    const lines = orders.flatMap(({ id, lines: own }) =>
      own.map((line, position) => ({ ...line, orderId: id, position })),
    );
    transaction.queue(INSERT_LINES, [
      lines.map((line) => line.orderId),
      lines.map((line) => line.position),
      lines.map((line) => line.productId),
      lines.map((line) => line.sku),
      lines.map((line) => line.name),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPriceMinor),
    ]);
  }

  /**
   * Confirms them, or rolls the transaction back with the given error when one is no longer pending, or its
   * cancellation was requested.
   */
  confirm(transaction: Transaction, paid: readonly PaidOrder[], otherwise: () => Error): void {
    const columns = [
      paid.map(({ orderId }) => orderId),
      paid.map(({ paymentId }) => paymentId),
      paid.map(({ confirmedAt }) => confirmedAt),
    ];
    transaction.queue(CONFIRM, columns, (confirmed) => {
      if (confirmed.length < paid.length) throw otherwise();
    });
  }

  /** Returns false when the order was already cancelled. */
  async cancel(
    transaction: Transaction,
    id: string,
    { code, message }: CancelReason,
    paymentId: string | null,
  ): Promise<boolean> {
    return (await transaction.query(CANCEL, [id, code, message, paymentId])).length === 1;
  }

  /** Requests that a running placement end as cancelled. Returns false when the order is not pending. */
  async requestCancellation(transaction: Transaction, id: string): Promise<boolean> {
    return (await transaction.query(REQUEST_CANCELLATION, [id])).length === 1;
  }

  async isCancellationRequested(transaction: Transaction, id: string): Promise<boolean> {
    const rows = await transaction.query('SELECT 1 FROM orders WHERE id = $1 AND cancel_requested', [id]);
    return rows.length === 1;
  }

  /** Returns false when the transition table does not allow it from the order's status. */
  async move(transaction: Transaction, id: string, to: keyof typeof MOVES): Promise<boolean> {
    return (await transaction.query(MOVES[to], [id])).length === 1;
  }

  async find(id: string): Promise<Order | undefined> {
    const [order] = await this.read({ id }, { limit: 1 });
    return order;
  }

  /** The ids of all orders of a user. */
  async idsOf(transaction: Transaction, userId: string): Promise<string[]> {
    const rows = await transaction.query<{ id: string }>('SELECT id FROM orders WHERE user_id = $1', [
      userId,
    ]);
    return rows.map(({ id }) => id);
  }

  list(filter: OrderFilter, page: PageOfRows): Promise<Order[]> {
    const { userId, status, currency } = filter;
    const ids = idsOfPage({ ...page, ...filter });
    const totalMinor = numbersBetween(filter.minAmountMinor, filter.maxAmountMinor);
    return this.read(
      {
        ...(userId && { userId }),
        ...(status && { status }),
        ...(currency && { currency }),
        ...(totalMinor && { totalMinor }),
        ...(ids && { id: ids }),
      },
      page,
    );
  }

  private async read(where: FindOptionsWhere<OrderEntity>, page: PageOfRows): Promise<Order[]> {
    const entities = await this.database.repository(OrderEntity).find({
      where,
      relations: { lines: true },
      order: { id: idOrder(page) },
      take: page.limit,
      // One statement for the orders and one for their lines, instead of a join that repeats each order.
      relationLoadStrategy: 'query',
    });
    return entities.map(toOrder);
  }
}

function toOrder(entity: OrderEntity): Order {
  const { reasonCode, reasonMessage, lines, ...rest } = entity;
  return {
    ...rest,
    lines: [...lines].sort((one, other) => one.position - other.position),
    reason: reasonCode === null ? null : { code: reasonCode, message: reasonMessage ?? '' },
  };
}

function moveTo(status: OrderStatus): { readonly set: string; readonly isAllowed: string } {
  return { set: `status = '${status}'`, isAllowed: isOneOf(statusesBefore(status)) };
}

function moveStatement(status: OrderStatus): string {
  const { set, isAllowed } = moveTo(status);
  return `UPDATE orders SET ${set}, updated_at = now() WHERE id = $1 AND ${isAllowed} RETURNING id`;
}

/** Constants, since PostgreSQL can use a partial index on a status only when it knows the status at plan time. */
function isOneOf(statuses: readonly OrderStatus[]): string {
  return `status IN (${statuses.map((status) => `'${status}'`).join(', ')})`;
}
