import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
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
import { NotificationRepository } from '../data/notification-repository.js';
import { NotificationResource, toResource } from './notification.resource.js';

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
    const found = await this.notifications.list(
      { userId: caller.userId },
      { limit: limit + 1, cursor: readCursor(cursor, Id) },
    );
    return toPage(found.map(toResource), limit, ({ id }) => id);
  }
}
