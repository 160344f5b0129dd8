import { Body, Controller, Delete, Get, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { z } from 'zod';
import { bearerToken } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import { AdminOnly, ApiProblems } from '@fissile/kit/http';
import { currentCall } from '@fissile/kit/request';
import { AdviceRequest, AdviceResource, type AdviceView } from './advice.resources.js';
import { AdviceRuns } from './advice-runs.js';

/** To start, and on a slow machine. */
const SPARE_SECONDS = 30;

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/advice')
export class AdviceController {
  private readonly logger = new Logger('Advice');

  constructor(private readonly runs: AdviceRuns) {}

  @Get()
  @ApiOperation({
    summary: 'What each split or merge would cost, as it was last measured',
    description: 'Kept in the memory of the gateway that has measured it, from its start on.',
  })
  @ApiResponse({ status: 200, description: 'The advice', standardSchema: AdviceResource })
  read(): AdviceView {
    return this.runs.view();
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Measure the product, and what calls and processes cost on this machine',
    description:
      'The same as fissile advise. It changes nothing, and takes more than a minute, in part of which it uses a processor: so it is for development. One at a time.',
  })
  @ApiResponse({ status: 202, description: 'It has begun', standardSchema: AdviceResource })
  @ApiProblems('validation_failed', 'advice_refused')
  start(
    @Body({ schema: AdviceRequest }) body: z.output<typeof AdviceRequest>,
    @Req() { headers, socket }: FastifyRequest,
  ): AdviceView {
    const token = bearerToken(headers.authorization) ?? '';
    expectGoodFor(token, body.seconds + SPARE_SECONDS);
    this.runs.start({ ...body, token, url: addressOf(socket) });
    this.logger.log(`was asked for by ${currentCall()?.caller?.userId}`);
    return this.runs.view();
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Stop measuring, where that is under way' })
  @ApiResponse({ status: 204, description: 'Nothing is measured any more' })
  async cancel(): Promise<void> {
    await this.runs.cancel();
  }
}

/**
 * The command reads what the product did by this token, at the beginning and at the end. Clients renew one that is refused.
 * @throws ContextError unauthenticated
 */
function expectGoodFor(token: string, seconds: number): void {
  const { exp = Infinity } = decodeJwt(token);
  if (exp > Date.now() / 1_000 + seconds) return;
  throw ContextError.of('unauthenticated', `expected an access token that is good for ${seconds} s more`);
}

/** Where the request came in, which is where operators are served. */
function addressOf({ localAddress = '127.0.0.1', localPort, localFamily }: FastifyRequest['socket']): string {
  const host = localFamily === 'IPv6' ? `[${localAddress}]` : localAddress;
  return `http://${host}:${localPort}`;
}
