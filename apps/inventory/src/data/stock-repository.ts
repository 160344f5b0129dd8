import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Database, type Transaction } from '@fissile/kit/database';
import { StockEntity } from './stock.entity.js';

export interface Adjustment {
  readonly id: string;
  readonly productId: string;
  readonly delta: number;
  readonly reason: string;
  readonly createdAt: Date;
}

@Injectable()
export class StockRepository {
  constructor(private readonly database: Database) {}

  async find(productId: string): Promise<StockEntity | undefined> {
    return (await this.database.repository(StockEntity).findOneBy({ productId })) ?? undefined;
  }

  /** By product id, after the given one. */
  list(limit: number, after?: string): Promise<StockEntity[]> {
    return this.database.repository(StockEntity).find({
      ...(after && { where: { productId: MoreThan(after) } }),
      order: { productId: 'ASC' },
      take: limit,
    });
  }

  /**
   * While the table's check constraints exist, PostgreSQL derives from them that there are none, and reads no row.
   */
  countOversold(): Promise<number> {
    return this.database.transaction(async (transaction) => {
      await transaction.query('SET LOCAL constraint_exclusion = on');
      const [row] = await transaction.query<{ products: number }>(
        'SELECT count(*)::integer AS products FROM stock WHERE reserved > on_hand OR reserved < 0 OR on_hand < 0',
      );
      return row?.products ?? 0;
    });
  }

  /** Reads the stock of a product, which is empty at first, and locks it against concurrent changes. */
  async lock(transaction: Transaction, productId: string): Promise<StockEntity> {
    await transaction.query(
      'INSERT INTO stock (product_id, on_hand, version) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING',
      [productId],
    );
    return transaction
      .repository(StockEntity)
      .findOneOrFail({ where: { productId }, lock: { mode: 'pessimistic_write' } });
  }

  async setOnHand(transaction: Transaction, { productId, onHand, version }: StockEntity): Promise<void> {
    await transaction.repository(StockEntity).update({ productId }, { onHand, version });
  }

  async recordAdjustment(transaction: Transaction, adjustment: Adjustment): Promise<void> {
    const { id, productId, delta, reason, createdAt } = adjustment;
    await transaction.query(
      'INSERT INTO adjustments (id, product_id, delta, reason, created_at) VALUES ($1, $2, $3, $4, $5)',
      [id, productId, delta, reason, createdAt],
    );
  }
}
