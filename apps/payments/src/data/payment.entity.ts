import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import type { PaymentStatus, Refund, RefundStatus } from '../domain/payment.js';
import type { CustomerAction } from '../domain/payment-provider.js';

@Entity('payments')
export class PaymentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor!: number;

  @Column('text')
  currency!: string;

  @Column('text')
  method!: string;

  @Column('text')
  status!: PaymentStatus;

  @Column('text', { nullable: true })
  reference!: string | null;

  @Column('text', { name: 'decline_reason', nullable: true })
  declineReason!: string | null;

  @Column('jsonb', { nullable: true })
  action!: CustomerAction | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @OneToMany(() => RefundEntity, (refund) => refund.payment)
  refunds!: Relation<RefundEntity[]>;
}

@Entity('refunds')
export class RefundEntity implements Refund {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor!: number;

  @Column('text')
  status!: RefundStatus;

  @Column('text', { name: 'failure_reason', nullable: true })
  failureReason!: string | null;

  /** The reason for the refund, in the words of the caller. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { name: 'request_key', nullable: true })
  requestKey!: string | null;

  @Column('bytea', { name: 'request_hash', nullable: true })
  requestHash!: Buffer | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @ManyToOne(() => PaymentEntity, (payment) => payment.refunds)
  @JoinColumn({ name: 'payment_id' })
  payment!: Relation<PaymentEntity>;
}
