import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `refused` by the mail server for good; `withheld` since nobody has verified the address. */
export const STATUSES = ['pending', 'sent', 'refused', 'withheld'] as const;

@Entity('notifications')
export class NotificationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  /** The type of the event that it reports. */
  @Column('text')
  type!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  body!: string;

  @Column('text')
  status!: (typeof STATUSES)[number];

  @Column('integer')
  attempts!: number;

  /** When it is tried next, while it is pending. */
  @Column('timestamptz', { name: 'due_at' })
  dueAt!: Date;

  /** Null until it is sent, and for what was sent before this was recorded. */
  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
