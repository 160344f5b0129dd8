import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InvoiceStatus } from '../domain/invoice.js';

@Entity('billing')
export class InvoiceEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  note!: string;

  @Column('int', { name: 'amount_minor' })
  amountMinor!: number;

  @Column('text')
  status!: InvoiceStatus;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
