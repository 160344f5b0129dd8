import { Column, Entity, PrimaryColumn } from 'typeorm';

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
  status!: 'pending' | 'sent' | 'refused' | 'withheld';

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
