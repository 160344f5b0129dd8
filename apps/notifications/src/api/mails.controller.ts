import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ContextError } from '@fissile/kit/contract';
import {
  AdminOnly,
  ApiProblems,
  Id,
  inOrderOfTime,
  madeQuery,
  type Page,
  pageOf,
  pageQuery,
  readCursor,
  sortQuery,
  toPage,
} from '@fissile/kit/http';
import { STATUSES } from '../data/notification.entity.js';
import { NotificationRepository } from '../data/notification-repository.js';
import { MailResource, MailWithTextResource, toMail } from './notification.resource.js';

const MailsQuery = z
  .strictObject({
    ...pageQuery,
    ...madeQuery,
    ...sortQuery,
    recipient: z
      .email('expected an email address')
      // As accounts have them.
      .transform((address) => address.normalize('NFKC').toLowerCase())
      .optional()
      .meta({ description: 'The address that it goes to' }),
    orderId: Id.optional(),
    status: z.enum(STATUSES).optional(),
  })
  .refine(...inOrderOfTime);

/** What the shop has written to its customers, for the staff that they ask about it. */
@ApiTags('Notifications')
@AdminOnly()
@Controller('api/notifications/mails')
export class MailsController {
  constructor(private readonly notifications: NotificationRepository) {}

  @Get()
  @ApiOperation({
    summary: 'List the mails to all customers, newest first',
    description:
      'Those about orders and the welcome. Mails with secret links, such as for a new password, are not kept.',
  })
  @ApiResponse({ status: 200, description: 'A page of mails', standardSchema: pageOf(MailResource) })
  @ApiProblems('validation_failed')
  async list(@Query({ schema: MailsQuery }) query: z.output<typeof MailsQuery>): Promise<Page<MailResource>> {
    const { limit, cursor, sort, ...filter } = query;
    const found = await this.notifications.list(filter, {
      limit: limit + 1,
      cursor: readCursor(cursor, Id),
      oldestFirst: sort === 'oldest',
    });
    return toPage(found.map(toMail), limit, ({ id }) => id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a mail as its recipient gets it' })
  @ApiResponse({ status: 200, description: 'The mail', standardSchema: MailWithTextResource })
  @ApiProblems('validation_failed', 'mail_not_found')
  async read(@Param('id', { schema: Id }) id: string): Promise<MailWithTextResource> {
    const found = await this.notifications.find(id);
    if (!found) throw ContextError.of('mail_not_found');
    return { ...toMail(found), text: found.body };
  }
}
