import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import { ApiProblems, Public, SignedIn } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { PasswordChanges } from '../password-changes.js';
import { AddressBody, PasswordChangeBody, PasswordResetBody } from './credentials.resource.js';

@ApiTags('Users')
@Controller('api')
export class PasswordsController {
  constructor(private readonly passwords: PasswordChanges) {}

  @Post('users/me/password')
  @HttpCode(204)
  @SignedIn()
  @ApiOperation({ summary: 'Change your password', description: 'Your other sessions end.' })
  @ApiResponse({ status: 204, description: 'The new password counts from now on' })
  @ApiProblems('validation_failed', 'too_many_requests')
  async change(
    @CurrentUser() caller: Caller,
    @Body({ schema: PasswordChangeBody }) body: z.output<typeof PasswordChangeBody>,
    @Ip() address: string,
  ): Promise<void> {
    await this.passwords.change(caller, body, address);
  }

  @Post('auth/password-reset')
  @HttpCode(202)
  @Public()
  @ApiOperation({
    summary: 'Ask for a mail by which to choose a new password',
    description: 'The answer is the same whether or not the address has an account.',
  })
  @ApiResponse({ status: 202, description: 'A mail follows if the address has an account' })
  @ApiProblems('validation_failed', 'too_many_requests')
  async requestReset(
    @Body({ schema: AddressBody }) { email }: z.output<typeof AddressBody>,
    @Ip() address: string,
  ): Promise<void> {
    await this.passwords.requestReset(email, address);
  }

  @Post('auth/password-reset/confirm')
  @HttpCode(204)
  @Public()
  @ApiOperation({
    summary: 'Choose a new password by the token of a mail',
    description: 'All sessions of the account end, and its address counts as verified.',
  })
  @ApiResponse({ status: 204, description: 'The new password counts from now on' })
  @ApiProblems('validation_failed', 'invalid_token')
  async confirmReset(
    @Body({ schema: PasswordResetBody }) { token, password }: z.output<typeof PasswordResetBody>,
  ): Promise<void> {
    await this.passwords.confirmReset(token, password);
  }
}
