import { Controller, Delete, Get, Header, HttpCode, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '@fissile/kit/auth';
import {
  AdminOnly,
  ApiProblems,
  Id,
  type Page,
  pageOf,
  PageQuery,
  readCursor,
  toPage,
} from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { AccountsService } from '../accounts.service.js';
import { SessionList } from '../data/session-list.js';
import { ForcedSignOut } from '../forced-sign-out.js';
import { SessionResource, toResource } from './session.resource.js';

/** The sessions of a user, for operators. */
@ApiTags('Users')
@AdminOnly()
@Controller('api/users/:id/sessions')
export class UserSessionsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionList,
    private readonly signOut: ForcedSignOut,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'List the sessions of a user, newest first' })
  @ApiResponse({ status: 200, description: 'A page of sessions', standardSchema: pageOf(SessionResource) })
  @ApiProblems('validation_failed', 'user_not_found')
  async read(
    @CurrentUser() { sessionId }: Caller,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<SessionResource>> {
    await this.accounts.read(id);
    const sessions = await this.sessions.of(id, limit + 1, readCursor(cursor, Id));
    const resources = sessions.map((session) => toResource(session, sessionId));
    return toPage(resources, limit, (session) => session.id);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions of a user', description: 'Your own too, where it is you.' })
  @ApiResponse({ status: 204, description: 'Tokens that the user holds are refused from now on' })
  @ApiProblems('validation_failed', 'user_not_found')
  async end(@Param('id', { schema: Id }) id: string): Promise<void> {
    await this.signOut.of(id);
  }
}
