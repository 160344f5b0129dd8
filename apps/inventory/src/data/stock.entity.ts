import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Stock } from '../domain/stock.js';

@Entity('stock')
export class StockEntity implements Stock {
  @PrimaryColumn('uuid', { name: 'product_id' })
  productId!: string;

  @Column('bigint', { name: 'on_hand' })
  onHand!: number;

  @Column('bigint')
  reserved!: number;

  /** Incremented by each change of the quantity on hand; reservations do not change it. */
  @Column('integer')
  version!: number;
}
