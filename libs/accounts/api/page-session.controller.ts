import { Body, Controller, Header, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PAGE_ROUTES } from '@fissile/kit/auth';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { ApiProblems, Public } from '@fissile/kit/http';
import { DIRECT } from '@fissile/kit/request';
import { ConsoleSignIn } from '../console-sign-in.js';
import { type Client, SessionsService, type Tokens } from '../sessions.service.js';
import { SignIn } from '../sign-in.js';
import { LinkTokenBody } from './credentials.resource.js';
import { OwnPageGuard } from './own-page.guard.js';
import { clearPageCookie, PageName, readPageCookie, writePageCookie } from './page-cookie.js';
import { LOGIN_PROBLEMS, LoginBody, TokensResource } from './user.resource.js';

const PageTokenResource = TokensResource.omit({ refreshToken: true }).meta({ id: 'PageToken' });
type PageToken = z.output<typeof PageTokenResource>;

const IN_COOKIE =
  'For pages of the product itself, which send X-Requested-With. The refresh token is in a cookie that scripts cannot read and that goes to the routes of the page alone.';

/** Sessions of pages: as those of API clients, but the browser keeps the refresh token, so all tabs share it. */
@ApiTags('Users')
@Public()
@UseGuards(OwnPageGuard)
@Controller(`${PAGE_ROUTES}/:page`)
export class PageSessionController {
  constructor(
    private readonly signIn: SignIn,
    private readonly links: ConsoleSignIn,
    private readonly sessions: SessionsService,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Log in at a page', description: IN_COOKIE })
  @ApiResponse({ status: 200, description: 'The access token', standardSchema: PageTokenResource })
  @ApiProblems(...LOGIN_PROBLEMS, 'forbidden')
  async login(
    @Param('page', { schema: PageName }) page: string,
    @Body({ schema: LoginBody }) body: z.output<typeof LoginBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageToken> {
    return this.begin(page, await this.signIn.login(body, clientOf(request)), request, reply);
  }

  @Post('sign-in-link')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Log in at a page by the link that a start in development shows',
    description: IN_COOKIE,
  })
  @ApiResponse({ status: 200, description: 'The access token', standardSchema: PageTokenResource })
  @ApiProblems('validation_failed', 'invalid_token', 'forbidden', 'not_found')
  async signInByLink(
    @Param('page', { schema: PageName }) page: string,
    @Body({ schema: LinkTokenBody }) { token }: z.output<typeof LinkTokenBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageToken> {
    const isDirect = request.headers[DIRECT] !== undefined;
    return this.begin(page, await this.links.signIn(token, isDirect, clientOf(request)), request, reply);
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Get another access token for a page',
    description: `${IN_COOKIE} Refused, details.reason says why the session has ended.`,
  })
  @ApiResponse({ status: 200, description: 'The access token', standardSchema: PageTokenResource })
  @ApiProblems('validation_failed', 'invalid_refresh_token', 'forbidden')
  async refresh(
    @Param('page', { schema: PageName }) page: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageToken> {
    const refreshToken = readPageCookie(request);
    if (refreshToken === undefined)
      throw ContextError.of('invalid_refresh_token', undefined, { reason: 'unknown' });
    try {
      const tokens = await this.sessions.refresh(refreshToken);
      writePageCookie(request, reply, page, tokens.refreshToken);
      return shown(tokens);
    } catch (error) {
      if (hasCode(error, 'invalid_refresh_token')) clearPageCookie(request, reply, page);
      throw error;
    }
  }

  @Post('revoke')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session of a page', description: IN_COOKIE })
  @ApiResponse({ status: 204, description: 'Its tokens are refused from now on, in all tabs' })
  @ApiProblems('validation_failed', 'forbidden')
  async revoke(
    @Param('page', { schema: PageName }) page: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const refreshToken = readPageCookie(request);
    if (refreshToken !== undefined) await this.sessions.revoke(refreshToken);
    clearPageCookie(request, reply, page);
  }

  /** The session that this browser had at the page is over: nothing could end it any more. */
  private async begin(
    page: string,
    tokens: Tokens,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<PageToken> {
    const former = readPageCookie(request);
    if (former !== undefined) await this.sessions.revoke(former);
    writePageCookie(request, reply, page, tokens.refreshToken);
    return shown(tokens);
  }
}

function clientOf({ ip: address, headers }: FastifyRequest): Client {
  return { address, userAgent: headers['user-agent'] };
}

function shown({ accessToken, expiresIn, tokenType }: Tokens): PageToken {
  return { accessToken, expiresIn, tokenType };
}
