import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { cutPage } from '@fissile/kit/http';
import { type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import { Sagas } from '@fissile/kit/saga';
import { IdempotencyKeys } from './data/idempotency-keys.js';
import { OrderRepository } from './data/order-repository.js';

/** An order has up to a hundred lines. */
const ORDERS_PER_PAGE = 20;

/** What this context keeps of a person. The books need the orders, which name the person by an id alone. */
@Injectable()
export class OrderRecords extends PersonalRecords {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderRepository,
    private readonly keys: IdempotencyKeys,
    private readonly sagas: Sagas,
  ) {
    super();
  }

  async exportPerson(userId: string, olderThan: string | undefined): Promise<PersonalDataPage> {
    const found = await this.orders.list({ userId }, { limit: ORDERS_PER_PAGE + 1, cursor: olderThan });
    const { items: orders, next: nextCursor } = cutPage(found, ORDERS_PER_PAGE, ({ id }) => id);
    if (olderThan !== undefined) return { records: { orders }, nextCursor };
    return { records: { orders, idempotencyKeys: await this.keys.listOf(userId) }, nextCursor };
  }

  /** A saga knows the means of payment and the key of its order. One that runs needs them, and ends by itself. */
  async forgetPerson(userId: string): Promise<void> {
    const running = await this.database.transaction(async (transaction) => {
      await this.keys.deleteOf(transaction, userId);
      return this.sagas.deleteEnded(transaction, await this.orders.idsOf(transaction, userId));
    });
    if (running > 0) throw ContextError.of('unavailable', 'Orders of the person are under way');
  }
}
