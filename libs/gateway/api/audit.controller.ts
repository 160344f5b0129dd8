import { Controller, Get, Query, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems, pageQuery } from '@fissile/kit/http';
import type { Product } from '@fissile/kit/contract';
import { type OperatorPage, OperatorView } from '../operator-view.js';
import { AuditEventResource, toAuditEventResource, operatorPageOf } from './operations.resources.js';

/** The query DTOs name the contexts of the product, so a factory creates the class for each product. */
export function auditController({ contextNames, auditActions }: Product): Type {
  const AuditQuery = z.strictObject({
    ...pageQuery,
    context: z.enum(contextNames).optional(),
    action: z.enum(auditActions).optional(),
  });

  @ApiTags('Operations')
  @AdminOnly()
  @Controller('api/admin/audit')
  class AuditController {
    constructor(private readonly view: OperatorView) {}

    @Get()
    @ApiOperation({ summary: 'List what admins did, and what concerns security, newest first' })
    @ApiResponse({
      status: 200,
      description: 'A page of the audit log',
      standardSchema: operatorPageOf(AuditEventResource),
    })
    @ApiProblems('validation_failed', 'unavailable')
    async list(
      @Query({ schema: AuditQuery }) query: z.output<typeof AuditQuery>,
    ): Promise<OperatorPage<z.output<typeof AuditEventResource>>> {
      const { items, ...rest } = await this.view.listAuditEvents(query);
      return { items: items.map(toAuditEventResource), ...rest };
    }
  }
  return AuditController;
}
