import { Body, Controller, Delete, Get, Header, HttpCode, Ip, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import { AdminOnly, ApiProblems, Id, SignedIn } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { type AppSecret, SecondFactorChanges, type SecondFactorState } from '../second-factor-changes.js';
import { CodeBody, ProofBody, SecondFactorBody } from './credentials.resource.js';

const StateResource = z
  .object({
    active: z.boolean().meta({ description: 'Whether signing in needs a code' }),
    required: z.boolean().meta({ description: 'Whether the routes of operators refuse you without it' }),
    recoveryCodes: z.int().meta({ description: 'How many are left' }),
  })
  .meta({ id: 'SecondFactor' });

const SecretResource = z
  .object({
    secret: z.string().meta({ description: 'In base32, to be typed into an authenticator app' }),
    otpauth: z.string().meta({ description: 'The same, as a link that an app opens, or a QR code' }),
  })
  .meta({ id: 'SecondFactorSecret' });

const RecoveryCodesResource = z
  .object({ recoveryCodes: z.array(z.string()).meta({ description: 'Each good once' }) })
  .meta({ id: 'RecoveryCodes' });

const OWN = 'users/me/second-factor';
const OF_USER = 'users/:id/second-factor';
const IN_ITS_PLACE = 'Your other sessions end, and this one goes on by its refresh token.';

@ApiTags('Users')
@Controller('api')
export class SecondFactorController {
  constructor(private readonly changes: SecondFactorChanges) {}

  @Get(OWN)
  @SignedIn()
  @ApiOperation({ summary: 'See whether you have a second factor' })
  @ApiResponse({ status: 200, description: 'Your second factor', standardSchema: StateResource })
  read(@CurrentUser() caller: Caller): Promise<SecondFactorState> {
    return this.changes.stateOf(caller.userId);
  }

  @Post(OWN)
  @HttpCode(200)
  @SignedIn()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Begin to set up a second factor',
    description:
      'By an authenticator app (TOTP, RFC 6238). It counts once a code of the app has confirmed it.',
  })
  @ApiResponse({ status: 200, description: 'What the app needs', standardSchema: SecretResource })
  @ApiProblems('validation_failed', 'email_not_verified', 'second_factor_exists', 'too_many_requests')
  begin(
    @CurrentUser() caller: Caller,
    @Body({ schema: SecondFactorBody }) { password }: z.output<typeof SecondFactorBody>,
    @Ip() address: string,
  ): Promise<AppSecret> {
    return this.changes.begin(caller, password, address);
  }

  @Post(`${OWN}/confirm`)
  @HttpCode(200)
  @SignedIn()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Confirm it by a code of the app', description: IN_ITS_PLACE })
  @ApiResponse({
    status: 200,
    description: 'Codes for when the app is lost; they are shown once',
    standardSchema: RecoveryCodesResource,
  })
  @ApiProblems('validation_failed', 'second_factor_not_found')
  async confirm(
    @CurrentUser() caller: Caller,
    @Body({ schema: CodeBody }) { code }: z.output<typeof CodeBody>,
  ): Promise<z.output<typeof RecoveryCodesResource>> {
    return { recoveryCodes: await this.changes.confirm(caller, code) };
  }

  // No DELETE: proxies and clients need not pass a body of one on (RFC 9110, 9.3.5).
  @Post(`${OWN}/remove`)
  @HttpCode(204)
  @SignedIn()
  @ApiOperation({ summary: 'Remove your second factor', description: IN_ITS_PLACE })
  @ApiResponse({ status: 204, description: 'The password is enough from now on' })
  @ApiProblems('validation_failed', 'second_factor_not_found', 'too_many_requests')
  async remove(
    @CurrentUser() caller: Caller,
    @Body({ schema: ProofBody }) proof: z.output<typeof ProofBody>,
    @Ip() address: string,
  ): Promise<void> {
    await this.changes.remove(caller, proof, address);
  }

  @Post(`${OWN}/recovery-codes`)
  @HttpCode(200)
  @SignedIn()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Get new recovery codes', description: 'The earlier ones are good no more.' })
  @ApiResponse({ status: 200, description: 'Shown once', standardSchema: RecoveryCodesResource })
  @ApiProblems('validation_failed', 'second_factor_not_found', 'too_many_requests')
  async renewRecoveryCodes(
    @CurrentUser() caller: Caller,
    @Body({ schema: ProofBody }) proof: z.output<typeof ProofBody>,
    @Ip() address: string,
  ): Promise<z.output<typeof RecoveryCodesResource>> {
    return { recoveryCodes: await this.changes.renewRecoveryCodes(caller, proof, address) };
  }

  @Get(OF_USER)
  @AdminOnly()
  @ApiOperation({ summary: 'See whether a user has a second factor' })
  @ApiResponse({ status: 200, description: 'It', standardSchema: StateResource })
  @ApiProblems('validation_failed', 'user_not_found')
  readOf(@Param('id', { schema: Id }) id: string): Promise<SecondFactorState> {
    return this.changes.stateOf(id);
  }

  @Delete(OF_USER)
  @HttpCode(204)
  @AdminOnly()
  @ApiOperation({
    summary: 'Remove the second factor of a user who has lost it',
    description: 'Their sessions end. Your own is removed by a code of it alone.',
  })
  @ApiResponse({ status: 204, description: 'Their password is enough from now on' })
  @ApiProblems('validation_failed', 'user_not_found', 'second_factor_not_found')
  async reset(@CurrentUser() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<void> {
    await this.changes.reset(caller, id);
  }
}
