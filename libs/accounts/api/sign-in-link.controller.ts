import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ApiProblems, Public } from '@fissile/kit/http';
import { DIRECT } from '@fissile/kit/request';
import { ConsoleSignIn } from '../console-sign-in.js';
import type { Tokens } from '../sessions.service.js';
import { LinkTokenBody } from './credentials.resource.js';
import { TokensResource } from './user.resource.js';

@ApiTags('Users')
@Controller('api/auth')
export class SignInLinkController {
  constructor(private readonly links: ConsoleSignIn) {}

  @Post('sign-in-link')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({
    summary: 'Log in by the link that a start in development shows',
    description:
      'For the machine that the product runs on, by no proxy, and not in production. The link is good once; it is sent by POST, so that what only looks at it does not use it up.',
  })
  @ApiResponse({ status: 200, description: 'Tokens of a new session', standardSchema: TokensResource })
  @ApiProblems('validation_failed', 'invalid_token', 'forbidden', 'not_found')
  async signIn(
    @Body({ schema: LinkTokenBody }) { token }: z.output<typeof LinkTokenBody>,
    @Req() { headers, ip }: FastifyRequest,
  ): Promise<Tokens> {
    return this.links.signIn(token, headers[DIRECT] !== undefined, {
      address: ip,
      userAgent: headers['user-agent'],
    });
  }
}
