import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Database, type Transaction } from '@fissile/kit/database';
import { StockEntity } from './stock.entity.js';

export interface Adjustment {
  readonly id: string;
  readonly productId: string;
  readonly delta: number;
  readonly reason: string;
  readonly createdAt: Date;
}

/** Locks rows in the order of their ids, as reservations do, so that they never deadlock. */
const MOVE = `
  WITH moved AS (
    SELECT line.product_id, line.on_hand, line.reserved
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS line (product_id, on_hand, reserved)
  ), locked AS (
    SELECT stock.product_id, moved.on_hand, moved.reserved
    FROM stock JOIN moved USING (product_id)
    ORDER BY stock.product_id
    FOR UPDATE OF stock
  )
  UPDATE stock
  SET on_hand = stock.on_hand + locked.on_hand, reserved = stock.reserved + locked.reserved, version = version + 1
  FROM locked
  WHERE stock.product_id = locked.product_id
  RETURNING stock.product_id`;

const RECORD = `
  INSERT INTO adjustments (id, product_id, delta, reason, created_at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::timestamptz[])`;

/** Units of a product that arrive or leave, with a minus, and how many more or fewer of them are reserved then. */
export interface StockMove {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
}

@Injectable()
export class StockRepository {
  constructor(private readonly database: Database) {}

  async find(productId: string): Promise<StockEntity | undefined> {
    return (await this.database.repository(StockEntity).findOneBy({ productId })) ?? undefined;
  }

  /** By product id; a product without stock is missing. */
  async findEach(productIds: readonly string[]): Promise<ReadonlyMap<string, StockEntity>> {
    const found = await this.database.repository(StockEntity).findBy({ productId: In(productIds) });
    return new Map(found.map((stock) => [stock.productId, stock]));
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

  /** Changes the stock of several products, and records each change. */
  async move(transaction: Transaction, moves: readonly StockMove[], reason: string): Promise<void> {
    const moved = await transaction.query(MOVE, [
      moves.map(({ productId }) => productId),
      moves.map(({ onHand }) => onHand),
      moves.map(({ reserved }) => reserved),
    ]);
    if (moved.length < moves.length) throw new Error(`Products without stock cannot move: ${reason}`);
    const createdAt = new Date();
    await this.recordAdjustments(
      transaction,
      moves.map(({ productId, onHand }) => ({ id: uuidv7(), productId, delta: onHand, reason, createdAt })),
    );
  }

  async recordAdjustments(transaction: Transaction, adjustments: readonly Adjustment[]): Promise<void> {
    await transaction.query(RECORD, [
      adjustments.map(({ id }) => id),
      adjustments.map(({ productId }) => productId),
      adjustments.map(({ delta }) => delta),
      adjustments.map(({ reason }) => reason),
      adjustments.map(({ createdAt }) => createdAt),
    ]);
  }
}
