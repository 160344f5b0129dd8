import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import {
  SignedIn,
  ApiProblems,
  Id,
  type Page,
  pageOf,
  PageQuery,
  readCursor,
  toPage,
} from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import type { NotificationEntity } from '../data/notification.entity.js';
import { NotificationRepository } from '../data/notification-repository.js';

const NotificationResource = z
  .object({
    id: Id,
    type: z.string().meta({ description: 'The type of the event', example: 'orders.confirmed.v1' }),
    channel: z.literal('email'),
    to: z.string(),
    subject: z.string(),
    status: z.enum(['pending', 'sent', 'refused', 'withheld']).meta({
      description:
        'refused: the mail server knows no such mailbox; withheld: the address was not verified, so no mail went there',
    }),
    orderId: Id.nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Notification' });

type NotificationResource = z.output<typeof NotificationResource>;

@ApiTags('Notifications')
@SignedIn()
@Controller('api/notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationRepository) {}

  @Get()
  @ApiOperation({ summary: 'List what was sent to you, newest first' })
  @ApiResponse({
    status: 200,
    description: 'A page of notifications',
    standardSchema: pageOf(NotificationResource),
  })
  @ApiProblems('validation_failed')
  async list(
    @CurrentUser() caller: Caller,
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<NotificationResource>> {
    const found = await this.notifications.list(caller.userId, limit + 1, readCursor(cursor, Id));
    return toPage(found.map(toResource), limit, ({ id }) => id);
  }
}

function toResource(notification: NotificationEntity): NotificationResource {
  const { id, type, recipient, subject, status, orderId, createdAt } = notification;
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
