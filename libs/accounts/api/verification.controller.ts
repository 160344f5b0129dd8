import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiProblems, Public } from '@fissile/kit/http';
import { EmailVerification } from '../email-verification.js';
import { AddressBody, TokenBody } from './credentials.resource.js';

@ApiTags('Users')
@Public()
@Controller('api/users/verification')
export class VerificationController {
  constructor(private readonly verification: EmailVerification) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for another verification mail',
    description: 'The answer is the same whether or not the address has an account that waits for one.',
  })
  @ApiResponse({ status: 202, description: 'A mail follows if there is something to verify' })
  @ApiProblems('validation_failed', 'too_many_requests')
  async request(
    @Body({ schema: AddressBody }) { email }: z.output<typeof AddressBody>,
    @Ip() address: string,
  ): Promise<void> {
    await this.verification.request(email, address);
  }

  @Post('confirm')
  @HttpCode(204)
  @ApiOperation({ summary: 'Verify an email address by the token that was sent to it' })
  @ApiResponse({ status: 204, description: 'The address is verified' })
  @ApiProblems('validation_failed', 'invalid_token')
  async confirm(@Body({ schema: TokenBody }) { token }: z.output<typeof TokenBody>): Promise<void> {
    await this.verification.confirm(token);
  }
}
