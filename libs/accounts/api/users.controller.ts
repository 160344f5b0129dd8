import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  AdminOnly,
  Public,
  SignedIn,
  ApiProblems,
  type ExpectedVersions,
  Id,
  IfMatch,
  type Page,
  pageOf,
  readCursor,
  setEntityTag,
  toPage,
} from '@fissile/kit/http';
import { CurrentUser } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import type { Caller } from '@fissile/kit/request';
import { AccountsService } from '../accounts.service.js';
import { UserList } from '../data/user-list.js';
import { roleNames } from '../domain/roles.js';
import type { User } from '../domain/user.js';
import { UsersFeatures } from '../users.features.js';
import {
  ProfileBody,
  RegisterBody,
  RolesResource,
  toResource,
  UserChangeBody,
  UserListQuery,
  UserResource,
} from './user.resource.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag that was read; another version is a 412',
};

@ApiTags('Users')
@Controller('api/users')
export class UsersController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UserList,
    private readonly features: UsersFeatures,
  ) {}

  @Post()
  @Public()
  @ApiOperation({ summary: 'Register' })
  @ApiResponse({ status: 201, description: 'The new account', standardSchema: UserResource })
  @ApiProblems('validation_failed', 'email_taken', 'registration_closed')
  async register(
    @Body({ schema: RegisterBody }) body: z.output<typeof RegisterBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    if (!this.features.FEATURE_REGISTRATION) throw ContextError.of('registration_closed');
    const user = await this.accounts.register(body);
    void reply.header('Location', `/api/users/${user.id}`);
    return answer(reply, user);
  }

  @Get('me')
  @SignedIn()
  @ApiOperation({ summary: 'Read your profile' })
  @ApiResponse({ status: 200, description: 'You', standardSchema: UserResource })
  async me(
    @CurrentUser() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    return answer(reply, await this.accounts.read(caller.userId));
  }

  @Patch('me')
  @SignedIn()
  @ApiOperation({ summary: 'Change your profile' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'You, as you are now', standardSchema: UserResource })
  @ApiProblems('validation_failed', 'version_mismatch')
  async changeMe(
    @CurrentUser() caller: Caller,
    @Body({ schema: ProfileBody }) body: z.output<typeof ProfileBody>,
    @IfMatch() expected: ExpectedVersions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    return answer(reply, await this.accounts.change(caller.userId, body, expected));
  }

  @Get()
  @AdminOnly()
  @ApiOperation({ summary: 'List users, newest first' })
  @ApiResponse({ status: 200, description: 'A page of users', standardSchema: pageOf(UserResource) })
  @ApiProblems('validation_failed')
  async list(
    @Query({ schema: UserListQuery }) { limit, cursor, sort, ...filter }: z.output<typeof UserListQuery>,
  ): Promise<Page<UserResource>> {
    const page = { limit: limit + 1, cursor: readCursor(cursor, Id), oldestFirst: sort === 'oldest' };
    const users = await this.users.search(page, filter);
    return toPage(users.map(toResource), limit, ({ id }) => id);
  }

  @Get('roles')
  @AdminOnly()
  @ApiOperation({ summary: 'List the roles that an account can have' })
  @ApiResponse({ status: 200, description: 'Their names', standardSchema: RolesResource })
  roles(): z.output<typeof RolesResource> {
    return { roles: [...roleNames()] };
  }

  @Get(':id')
  @AdminOnly()
  @ApiOperation({ summary: 'Read a user' })
  @ApiResponse({ status: 200, description: 'The user', standardSchema: UserResource })
  @ApiProblems('validation_failed', 'user_not_found')
  async read(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    return answer(reply, await this.accounts.read(id));
  }

  @Patch(':id')
  @AdminOnly()
  @ApiOperation({
    summary: "Change a user's roles or status",
    description: 'Tokens that the user holds are refused from then on.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'The user as it is now', standardSchema: UserResource })
  @ApiProblems('validation_failed', 'user_not_found', 'user_erased', 'version_mismatch', 'last_admin')
  async change(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UserChangeBody }) body: z.output<typeof UserChangeBody>,
    @IfMatch() expected: ExpectedVersions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    return answer(reply, await this.accounts.change(id, body, expected));
  }
}

function answer(reply: FastifyReply, user: User): UserResource {
  setEntityTag(reply, user.version);
  return toResource(user);
}
