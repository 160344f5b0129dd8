import { Body, Controller, Delete, Get, Header, HttpCode, Ip } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import { ApiProblems, Id, SignedIn } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { EXAMPLE_PASSWORD } from '../domain/chosen-secrets.js';
import { AccountErasure } from '../personal-data/account-erasure.js';
import { PersonalExport } from '../personal-data/personal-export.js';
import { Code, CurrentPassword } from './credentials.resource.js';

const ErasureBody = z
  .strictObject({
    password: CurrentPassword.optional().meta({
      description: 'Of the account; who signs in at an external provider and has none here leaves it out',
    }),
    code: Code.optional().meta({ description: 'Where the account has a second factor' }),
  })
  .meta({ id: 'Erasure', example: { password: EXAMPLE_PASSWORD } });

const ErasureResource = z
  .object({
    userId: Id,
    status: z.literal('erasing').meta({
      description: 'The account is gone; what other contexts keep goes as soon as they are available',
    }),
  })
  .meta({ id: 'ErasureState' });

const ExportResource = z
  .object({
    userId: Id,
    exportedAt: z.iso.datetime(),
    contexts: z
      .record(z.string(), z.record(z.string(), z.array(z.looseObject({}))))
      .meta({ description: 'Lists of what each context keeps, by what it is' }),
  })
  .meta({ id: 'PersonalExport' });

@ApiTags('Users')
@SignedIn()
@Controller('api/users/me')
export class PersonalDataController {
  constructor(
    private readonly erasure: AccountErasure,
    private readonly personal: PersonalExport,
  ) {}

  @Get('export')
  @Header('Cache-Control', 'no-store')
  @Header('Content-Disposition', 'attachment; filename="personal-data.json"')
  @ApiOperation({
    summary: 'Export what is kept of you',
    description: 'All contexts, or a 503 that names the one that is unavailable.',
  })
  @ApiResponse({ status: 200, description: 'All that is kept of you', standardSchema: ExportResource })
  @ApiProblems('export_too_large')
  async export(@CurrentUser() { userId }: Caller): Promise<z.input<typeof ExportResource>> {
    const contexts = await this.personal.of(userId);
    return { userId, exportedAt: new Date().toISOString(), contexts };
  }

  @Delete()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Erase your account',
    description:
      'There is no way back. What other contexts must keep stays under an id that leads to nobody. Who signs in at an external provider ' +
      'goes on to be known there, by an id that this one follows from; it must have asked who they are within ten minutes.',
  })
  @ApiResponse({ status: 202, description: 'Your account is gone', standardSchema: ErasureResource })
  @ApiProblems('validation_failed', 'user_not_found', 'sign_in_too_old', 'last_admin', 'too_many_requests')
  async erase(
    @CurrentUser() caller: Caller,
    @Body({ schema: ErasureBody }) proof: z.output<typeof ErasureBody>,
    @Ip() address: string,
  ): Promise<z.output<typeof ErasureResource>> {
    await this.erasure.erase(caller, proof, address);
    return { userId: caller.userId, status: 'erasing' };
  }
}
