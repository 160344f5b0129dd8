import { Injectable } from '@nestjs/common';
import {
  CleanUp,
  Database,
  idOrder,
  idsOfPage,
  type MadeBetween,
  type PageOfRows,
  type Transaction,
} from '@fissile/kit/database';
import { currentOrigin, type Origin } from '@fissile/kit/observability';
import type { NotificationsSettings } from '../notifications.settings.js';
import { NotificationEntity } from './notification.entity.js';

const INSERT = `
  INSERT INTO notifications (id, event_id, user_id, order_id, type, recipient, subject, body, origin, status)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** Claims due notifications and reschedules them, in case this process dies before it records the outcome. */
const CLAIM = `
  UPDATE notifications SET attempts = attempts + 1, due_at = now() + interval '30 seconds'
  WHERE id IN (
    SELECT id FROM notifications WHERE status = 'pending' AND due_at <= now()
    ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING id, event_id AS "eventId", type, recipient, subject, body, origin, attempts`;

export type NewNotification = Pick<
  NotificationEntity,
  'id' | 'eventId' | 'userId' | 'orderId' | 'type' | 'recipient' | 'subject' | 'body' | 'status'
>;

export type DueNotification = Pick<
  NotificationEntity,
  'id' | 'eventId' | 'type' | 'recipient' | 'subject' | 'body'
> & {
  readonly attempts: number;
  /** The trace context of the event that caused it. */
  readonly origin: Origin | null;
};

export interface NotificationFilter extends MadeBetween {
  readonly userId?: string | undefined;
  readonly recipient?: string | undefined;
  readonly orderId?: string | undefined;
  readonly status?: NotificationEntity['status'] | undefined;
}

@Injectable()
export class NotificationRepository {
  constructor(private readonly database: Database) {}

  insert(transaction: Transaction, notification: NewNotification): void {
    const { id, eventId, userId, orderId, type, recipient, subject, body, status } = notification;
    const values = [id, eventId, userId, orderId, type, recipient, subject, body, currentOrigin(), status];
    transaction.queue(INSERT, values);
  }

  list(filter: NotificationFilter, page: PageOfRows): Promise<NotificationEntity[]> {
    const { userId, recipient, orderId, status } = filter;
    const ids = idsOfPage({ ...page, ...filter });
    return this.database.repository(NotificationEntity).find({
      where: {
        ...(userId && { userId }),
        ...(recipient && { recipient }),
        ...(orderId && { orderId }),
        ...(status && { status }),
        ...(ids && { id: ids }),
      },
      order: { id: idOrder(page) },
      take: page.limit,
    });
  }

  async find(id: string): Promise<NotificationEntity | undefined> {
    return (await this.database.repository(NotificationEntity).findOneBy({ id })) ?? undefined;
  }

  async deleteOf(userId: string): Promise<void> {
    await this.database.query('DELETE FROM notifications WHERE user_id = $1', [userId]);
  }

  claim(limit: number): Promise<DueNotification[]> {
    return this.database.query<DueNotification>(CLAIM, [limit]);
  }

  async markSent(ids: readonly string[]): Promise<void> {
    await this.database.query(
      `UPDATE notifications SET status = 'sent', sent_at = now() WHERE id = ANY($1)`,
      [ids],
    );
  }

  async markRefused(id: string): Promise<void> {
    await this.database.query(`UPDATE notifications SET status = 'refused' WHERE id = $1`, [id]);
  }

  async postpone(id: string, seconds: number): Promise<void> {
    await this.database.query(
      `UPDATE notifications SET due_at = now() + $2 * interval '1 second' WHERE id = $1`,
      [id, seconds],
    );
  }
}

/** The token of what deletes notifications that are too old. */
export const OldNotifications = Symbol('OldNotifications');

export function oldNotifications(
  database: Database,
  { NOTIFICATION_RETENTION_DAYS: days }: NotificationsSettings,
): CleanUp {
  return new CleanUp('notifications', database, [
    { table: 'notifications', since: 'created_at', days, where: `status <> 'pending'` },
  ]);
}
