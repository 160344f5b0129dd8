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

  /** Grows with each change of what is there; reservations leave it as it is. */
  @Column('integer')
  version!: number;
}
