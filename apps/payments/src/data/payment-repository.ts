import { Injectable } from '@nestjs/common';
import { And, Equal, type FindOperator, type FindOptionsWhere, In, IsNull, Not } from 'typeorm';
import {
  Database,
  idOrder,
  idsOfPage,
  type MadeBetween,
  numbersBetween,
  type PageOfRows,
  type Transaction,
  violatesUnique,
} from '@fissile/kit/database';
import type { AmountFilter } from '#contracts/money';
import { OPEN, type Payment, type PaymentStatus } from '../domain/payment.js';
import { PaymentEntity, RefundEntity } from './payment.entity.js';

const INSERT = `
  INSERT INTO payments
    (id, order_id, user_id, amount_minor, currency, method, status, reference, decline_reason, created_at, action)
  SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::timestamptz[], $11::jsonb[])`;

const INSERT_UNLESS_THERE = `${INSERT} ON CONFLICT ON CONSTRAINT payments_order_once DO NOTHING RETURNING id`;

/** Every charge checks for an earlier one, so this is one plain statement. */
const OUTCOMES = `
  SELECT id, order_id AS "orderId", status, decline_reason AS "declineReason" FROM payments WHERE order_id = ANY($1::uuid[])`;

const SOME_PENDING = `SELECT id FROM payments WHERE status = 'pending' ORDER BY random() LIMIT 50`;

const COUNT_REFUND_FAILED = `SELECT count(*)::int AS count FROM payments WHERE status = 'refund_failed'`;

/** Without a user it is not a payment but a mark: the order must not be charged any more. */
const SHOWN = Not(IsNull());

const ONE = { limit: 1 };

/** A payment whose outcome is not known may have to be asked for again, with what it was begun with. */
const FORGET_METHODS = `
  UPDATE payments SET method = '' WHERE user_id = $1 AND status <> ALL($2::text[]) AND method <> ''`;

const FORGET_REASONS = `
  UPDATE refunds SET reason = NULL FROM payments
  WHERE payments.id = payment_id AND user_id = $1 AND reason IS NOT NULL`;

const COUNT_OPEN = `
  SELECT count(*)::integer AS count FROM payments WHERE user_id = $1 AND status = ANY($2::text[])`;

export type PaymentOutcome = Pick<Payment, 'id' | 'orderId' | 'status' | 'declineReason'>;

export interface PaymentFilter extends AmountFilter, MadeBetween {
  readonly userId?: string | undefined;
  /** Of the payment, or of its order. */
  readonly id?: string | undefined;
  readonly orderId?: string | undefined;
  /** As clients see it. */
  readonly status?: Exclude<PaymentStatus, 'voided'> | undefined;
}

@Injectable()
export class PaymentRepository {
  constructor(private readonly database: Database) {}

  /**
   * Inserts a mark that yields to a payment: the transaction continues and reads it. Returns false when the order
   * already has a payment.
   */
  async insertUnlessThere(transaction: Transaction, payment: Payment): Promise<boolean> {
    return (await transaction.query(INSERT_UNLESS_THERE, columnsOf([payment]))).length === 1;
  }

  /** The transaction fails, as `isChargedBefore` detects, when one of the orders already has a payment. */
  insert(transaction: Transaction, payments: readonly Payment[]): void {
    transaction.queue(INSERT, columnsOf(payments));
  }

  async update(
    transaction: Transaction,
    id: string,
    change: Partial<Omit<Payment, 'id' | 'orderId' | 'refunds' | 'createdAt'>>,
  ): Promise<void> {
    await transaction.repository(PaymentEntity).update({ id }, { ...change });
  }

  async findByOrder(orderId: string): Promise<Payment | undefined> {
    return (await this.read({ orderId }, ONE))[0];
  }

  /** The recorded payments of these orders, where there are any, in any order. */
  outcomesOf(orderIds: readonly string[]): Promise<PaymentOutcome[]> {
    return this.database.query<PaymentOutcome>(OUTCOMES, [orderIds]);
  }

  async find(id: string): Promise<Payment | undefined> {
    return (await this.read({ id, userId: SHOWN }, ONE))[0];
  }

  /** The ids of some payments that are pending; a varying selection when there are many. */
  async somePending(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(SOME_PENDING);
    return rows.map(({ id }) => id);
  }

  async countRefundFailed(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(COUNT_REFUND_FAILED);
    return row?.count ?? 0;
  }

  list(filter: PaymentFilter, page: PageOfRows): Promise<Payment[]> {
    const { userId, id, orderId, status, currency, from, to } = filter;
    const ids = idsOfPage({ ...page, from, to });
    const amountMinor = numbersBetween(filter.minAmountMinor, filter.maxAmountMinor);
    const where = {
      userId: userId ?? SHOWN,
      ...(orderId && { orderId }),
      ...(status && { status: shownAs(status) }),
      ...(currency && { currency }),
      ...(amountMinor && { amountMinor }),
      ...(ids && { id: ids }),
    };
    const either = id && [
      { ...where, id: idsOfPage({ ...page, from, to, id }) },
      { ...where, orderId: orderId ? And(Equal(orderId), Equal(id)) : id },
    ];
    return this.read(either || where, page);
  }

  /** Reads a payment that is about to change, and locks it until the transaction ends. */
  async lock(
    transaction: Transaction,
    where: { readonly id: string } | { readonly orderId: string },
  ): Promise<Payment | undefined> {
    const entity = await transaction
      .repository(PaymentEntity)
      .findOne({ where, lock: { mode: 'pessimistic_write' } });
    if (!entity) return undefined;
    const refunds = await transaction.repository(RefundEntity).findBy({ paymentId: entity.id });
    return toPayment({ ...entity, refunds });
  }

  /**
   * Erases how a user paid, and why something was refunded.
   * @returns how many payments keep the means, since their outcome is not known yet
   */
  async forgetMethods(transaction: Transaction, userId: string): Promise<number> {
    await transaction.query(FORGET_METHODS, [userId, OPEN]);
    await transaction.query(FORGET_REASONS, [userId]);
    const [row] = await transaction.query<{ count: number }>(COUNT_OPEN, [userId, OPEN]);
    return row?.count ?? 0;
  }

  private async read(
    where: FindOptionsWhere<PaymentEntity> | FindOptionsWhere<PaymentEntity>[],
    page: PageOfRows,
  ): Promise<Payment[]> {
    const entities = await this.database.repository(PaymentEntity).find({
      where,
      relations: { refunds: true },
      order: { id: idOrder(page) },
      take: page.limit,
      relationLoadStrategy: 'query',
    });
    return entities.map(toPayment);
  }
}

/** What clients see as declined may be `voided`. */
function shownAs(status: PaymentStatus): PaymentStatus | FindOperator<PaymentStatus> {
  return status === 'declined' ? In<PaymentStatus>(['declined', 'voided']) : status;
}

export function isChargedBefore(error: unknown): boolean {
  return violatesUnique(error, 'payments_order_once');
}

function columnsOf(payments: readonly Payment[]): unknown[] {
  return [
    payments.map(({ id }) => id),
    payments.map(({ orderId }) => orderId),
    payments.map(({ userId }) => userId),
    payments.map(({ amountMinor }) => amountMinor),
    payments.map(({ currency }) => currency),
    payments.map(({ method }) => method),
    payments.map(({ status }) => status),
    payments.map(({ reference }) => reference),
    payments.map(({ declineReason }) => declineReason),
    payments.map(({ createdAt }) => createdAt),
    payments.map(({ action }) => action && JSON.stringify(action)),
  ];
}

function toPayment(entity: PaymentEntity): Payment {
  const refunds = [...entity.refunds].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { ...entity, refunds };
}
