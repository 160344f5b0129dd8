import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AUDIT_ACTIONS } from '#libs/audit';
import { AdminOnly } from '#libs/auth';
import { CONTEXTS } from '#libs/contracts';
import { ApiProblems, type Page, pageOf, pageQuery } from '#libs/http';
import { OperatorView } from '../operator-view.js';
import { AuditEventResource, toAuditEventResource } from './operations.resources.js';

const AuditQuery = z.strictObject({
  ...pageQuery,
  context: z.enum(CONTEXTS).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
});

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/audit')
export class AuditController {
  constructor(private readonly view: OperatorView) {}

  @Get()
  @ApiOperation({ summary: 'List what admins did, and what concerns security, newest first' })
  @ApiResponse({
    status: 200,
    description: 'A page of the audit log',
    standardSchema: pageOf(AuditEventResource),
  })
  @ApiProblems('validation_failed', 'unavailable')
  async list(
    @Query({ schema: AuditQuery }) query: z.output<typeof AuditQuery>,
  ): Promise<Page<z.output<typeof AuditEventResource>>> {
    const { items, nextCursor } = await this.view.listAuditEvents(query);
    return { items: items.map(toAuditEventResource), nextCursor };
  }
}
