import { Body, Controller, Header, Headers, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import { Public, SignedIn, ApiProblems } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { SessionsService, type Tokens } from '../sessions.service.js';
import { SignIn } from '../sign-in.js';
import { LOGIN_PROBLEMS, LoginBody, RefreshBody, TokensResource } from './user.resource.js';

@ApiTags('Users')
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: SessionsService,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({
    summary: 'Log in',
    description:
      'An account with a second factor needs a code too, and one whose password was generated a new password: the answer to the right password says so.',
  })
  @ApiResponse({ status: 200, description: 'Tokens of a new session', standardSchema: TokensResource })
  @ApiProblems(...LOGIN_PROBLEMS)
  async login(
    @Body({ schema: LoginBody }) body: z.output<typeof LoginBody>,
    @Ip() address: string,
    @Headers('user-agent') userAgent: string | undefined,
  ): Promise<Tokens> {
    return this.signIn.login(body, { address, userAgent });
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({
    summary: 'Trade a refresh token for new tokens',
    description:
      'Each is good once. Used again within a few seconds it gives the same next one, in case the answer was lost; used again later, or after the next one, it ends the session.',
  })
  @ApiResponse({ status: 200, description: 'New tokens of the session', standardSchema: TokensResource })
  @ApiProblems('validation_failed', 'invalid_refresh_token')
  async refresh(
    @Body({ schema: RefreshBody }) { refreshToken }: z.output<typeof RefreshBody>,
  ): Promise<Tokens> {
    return this.sessions.refresh(refreshToken);
  }

  @Post('revoke')
  @HttpCode(204)
  @Public()
  @ApiOperation({
    summary: 'End the session of a refresh token',
    description:
      'No access token is needed, so it works when that has expired. A token that is not known is no error.',
  })
  @ApiResponse({ status: 204, description: 'The tokens of the session are refused from now on' })
  @ApiProblems('validation_failed')
  async revoke(@Body({ schema: RefreshBody }) { refreshToken }: z.output<typeof RefreshBody>): Promise<void> {
    await this.sessions.revoke(refreshToken);
  }

  @Post('logout')
  @HttpCode(204)
  @SignedIn()
  @ApiOperation({ summary: 'End the session of the access token' })
  @ApiResponse({ status: 204, description: 'Its tokens are refused from now on' })
  async logout(@CurrentUser() caller: Caller): Promise<void> {
    await this.sessions.logout(caller.sessionId);
  }
}
