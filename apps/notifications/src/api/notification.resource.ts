import { z } from 'zod';
import { Id } from '@fissile/kit/http';
import { type NotificationEntity, STATUSES } from '../data/notification.entity.js';

const notification = {
  id: Id,
  type: z.string().meta({ description: 'The type of the event', example: 'orders.confirmed.v1' }),
  channel: z.literal('email'),
  to: z.string(),
  subject: z.string(),
  status: z.enum(STATUSES).meta({
    description:
      'refused: the mail server knows no such mailbox; withheld: the address was not verified, so no mail went there',
  }),
  orderId: Id.nullable(),
  createdAt: z.iso.datetime(),
};

/** As its recipient sees it. */
export const NotificationResource = z.object(notification).meta({ id: 'Notification' });

export type NotificationResource = z.output<typeof NotificationResource>;

const time = z.iso.datetime().nullable();

/** As the staff sees it. */
export const MailResource = z
  .object({
    ...notification,
    userId: Id,
    attempts: z.int().meta({ description: 'How often it was given to the mail server' }),
    sentAt: time.meta({
      description: 'When the mail server took it; null also for mails of earlier versions',
    }),
    nextAttemptAt: time.meta({ description: 'When it is tried again; null when it is not' }),
  })
  .meta({ id: 'Mail' });

export type MailResource = z.output<typeof MailResource>;

export const MailWithTextResource = z
  .object({ ...MailResource.shape, text: z.string() })
  .meta({ id: 'MailWithText' });

export type MailWithTextResource = z.output<typeof MailWithTextResource>;

export function toResource(entity: NotificationEntity): NotificationResource {
  const { id, type, recipient, subject, status, orderId, createdAt } = entity;
  return {
    id,
    type,
    channel: 'email',
    to: recipient,
    subject,
    status,
    orderId,
    createdAt: createdAt.toISOString(),
  };
}

export function toMail(entity: NotificationEntity): MailResource {
  const { userId, status, attempts, sentAt, dueAt } = entity;
  return {
    ...toResource(entity),
    userId,
    attempts,
    sentAt: sentAt?.toISOString() ?? null,
    nextAttemptAt: status === 'pending' ? dueAt.toISOString() : null,
  };
}
