import { Column, Entity, OneToMany, ManyToOne, PrimaryColumn, JoinColumn, type Relation } from 'typeorm';
import type { OrderStatus } from '../domain/order.js';

@Entity('orders')
export class OrderEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  status!: OrderStatus;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('bigint', { name: 'total_minor' })
  totalMinor!: number;

  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId!: string | null;

  @Column('text', { name: 'reason_code', nullable: true })
  reasonCode!: string | null;

  @Column('text', { name: 'reason_message', nullable: true })
  reasonMessage!: string | null;

  @Column('boolean', { name: 'cancel_requested' })
  cancelRequested!: boolean;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @OneToMany(() => OrderLineEntity, (line) => line.order)
  lines!: Relation<OrderLineEntity[]>;
}

@Entity('order_lines')
export class OrderLineEntity {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('integer')
  position!: number;

  @Column('uuid', { name: 'product_id' })
  productId!: string;

  @Column('text')
  sku!: string;

  @Column('text')
  name!: string;

  @Column('integer')
  quantity!: number;

  @Column('bigint', { name: 'unit_price_minor' })
  unitPriceMinor!: number;

  @ManyToOne(() => OrderEntity, (order) => order.lines)
  @JoinColumn({ name: 'order_id' })
  order!: Relation<OrderEntity>;
}
