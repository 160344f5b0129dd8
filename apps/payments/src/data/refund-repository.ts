import { Injectable } from '@nestjs/common';
import { CleanUp, Database, type Transaction } from '@fissile/kit/database';
import type { PaymentsSettings } from '../payments.settings.js';
import { RefundEntity } from './payment.entity.js';

export interface NewRefund {
  readonly id: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly reason: string | null;
  readonly request: { readonly key: string; readonly hash: Buffer } | null;
  readonly createdAt: Date;
}

/** A refund is recorded before the provider is called, so that none is lost or executed twice. */
@Injectable()
export class RefundRepository {
  constructor(private readonly database: Database) {}

  async insertPending(transaction: Transaction, refund: NewRefund): Promise<void> {
    const { id, paymentId, amountMinor, reason, request, createdAt } = refund;
    await transaction.repository(RefundEntity).insert({
      id,
      paymentId,
      amountMinor,
      reason,
      createdAt,
      status: 'pending',
      failureReason: null,
      requestKey: request?.key ?? null,
      requestHash: request?.hash ?? null,
    });
  }

  async findByRequest(
    transaction: Transaction,
    paymentId: string,
    requestKey: string,
  ): Promise<RefundEntity | undefined> {
    return (await transaction.repository(RefundEntity).findOneBy({ paymentId, requestKey })) ?? undefined;
  }

  /** Returns undefined when it is not known. */
  async find(id: string): Promise<RefundEntity | undefined> {
    return (await this.database.repository(RefundEntity).findOneBy({ id })) ?? undefined;
  }

  async change(
    transaction: Transaction,
    id: string,
    change: Pick<RefundEntity, 'status' | 'failureReason'>,
  ): Promise<void> {
    await transaction.repository(RefundEntity).update({ id }, change);
  }

  /**
   * Some payments with refunds that started a while ago and are unfinished; a varying selection when there are many.
   */
  async stalePayments(): Promise<string[]> {
    const rows = await this.database.query<{ paymentId: string }>(
      `SELECT payment_id AS "paymentId" FROM refunds
       WHERE status = 'pending' AND created_at < now() - interval '5 seconds'
       GROUP BY payment_id ORDER BY random() LIMIT 50`,
    );
    return rows.map(({ paymentId }) => paymentId);
  }
}

/** The token of what forgets the idempotency keys of refunds that are too old. */
export const ForgottenRefundKeys = Symbol('ForgottenRefundKeys');

export function forgottenRefundKeys(
  database: Database,
  { REFUND_KEY_DAYS: days }: Pick<PaymentsSettings, 'REFUND_KEY_DAYS'>,
): CleanUp {
  const where = 'request_key IS NOT NULL';
  return new CleanUp('idempotency keys of refunds', database, [
    { table: 'refunds', since: 'created_at', days, where, clear: ['request_key', 'request_hash'] },
  ]);
}
