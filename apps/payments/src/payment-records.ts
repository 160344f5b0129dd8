import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { cutPage } from '@fissile/kit/http';
import { type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import { PaymentRepository } from './data/payment-repository.js';
import type { Payment } from './domain/payment.js';

const PAYMENTS_PER_PAGE = 100;

/** What this context keeps of a person. The books need payments and refunds, which name the person by an id alone. */
@Injectable()
export class PaymentRecords extends PersonalRecords {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
  ) {
    super();
  }

  async exportPerson(userId: string, olderThan: string | undefined): Promise<PersonalDataPage> {
    const found = await this.payments.list({ userId }, { limit: PAYMENTS_PER_PAGE + 1, cursor: olderThan });
    const { items, next } = cutPage(found, PAYMENTS_PER_PAGE, ({ id }) => id);
    return { records: { payments: items.map(toRecord) }, nextCursor: next };
  }

  async forgetPerson(userId: string): Promise<void> {
    const unknown = await this.database.transaction((transaction) =>
      this.payments.forgetMethods(transaction, userId),
    );
    if (unknown > 0) throw ContextError.of('unavailable', 'Payments of the person are under way');
  }
}

/** Without what confirms a payment, which is for its order's page alone. */
function toRecord({ refunds, action: _action, ...payment }: Payment): object {
  return {
    ...payment,
    refunds: refunds.map(({ id, amountMinor, status, reason, createdAt }) => ({
      id,
      amountMinor,
      status,
      reason,
      createdAt,
    })),
  };
}
