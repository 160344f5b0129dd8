import { Controller, Delete, Get, Header, HttpCode, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '@fissile/kit/auth';
import {
  ApiProblems,
  Id,
  type Page,
  pageOf,
  PageQuery,
  readCursor,
  SignedIn,
  toPage,
} from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { SessionList } from '../data/session-list.js';
import { OwnSessions } from '../own-sessions.js';
import { SessionResource, toResource } from './session.resource.js';

@ApiTags('Users')
@SignedIn()
@Controller('api/users/me/sessions')
export class SessionsController {
  constructor(
    private readonly list: SessionList,
    private readonly own: OwnSessions,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'List your sessions, newest first' })
  @ApiResponse({ status: 200, description: 'A page of sessions', standardSchema: pageOf(SessionResource) })
  @ApiProblems('validation_failed')
  async read(
    @CurrentUser() { userId, sessionId }: Caller,
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<SessionResource>> {
    const sessions = await this.list.of(userId, limit + 1, readCursor(cursor, Id));
    const resources = sessions.map((session) => toResource(session, sessionId));
    return toPage(resources, limit, ({ id }) => id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of your sessions' })
  @ApiResponse({ status: 204, description: 'Its tokens are refused from now on' })
  @ApiProblems('validation_failed', 'session_not_found')
  async end(@CurrentUser() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<void> {
    await this.own.end(caller, id);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'End your other sessions' })
  @ApiResponse({ status: 204, description: 'Only the session that asks is left' })
  async endOthers(@CurrentUser() caller: Caller): Promise<void> {
    await this.own.endOthers(caller);
  }
}
