import { Controller, Get, Query, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems, Id, inOrderOfTime, operatorQuery, RequestInvalid } from '@fissile/kit/http';
import type { Product } from '@fissile/kit/contract';
import { type OperatorPage, OperatorView } from '../operator-view.js';
import { People } from '../people.js';
import { ExactText } from './list-queries.js';
import { AuditEventResource, toAuditEventResource, operatorPageOf } from './operations.resources.js';

/** The query DTOs name the contexts of the product, so a factory creates the class for each product. */
export function auditController({ contextNames, auditActions }: Product): Type {
  const AuditQuery = z
    .strictObject({
      ...operatorQuery,
      context: z.enum(contextNames).optional(),
      action: z.enum(auditActions).optional(),
      by: z
        .union([Id, z.email()], 'expected the id or the email address of a user')
        .optional()
        .meta({ description: 'Who did it: the id or the email address of a user' }),
      subject: ExactText.optional().meta({ description: 'The id of what it was done to' }),
    })
    .refine(...inOrderOfTime);

  @ApiTags('Operations')
  @AdminOnly()
  @Controller('api/admin/audit')
  class AuditController {
    constructor(
      private readonly view: OperatorView,
      private readonly people: People,
    ) {}

    @Get()
    @ApiOperation({ summary: 'List what admins did, and what concerns security' })
    @ApiResponse({
      status: 200,
      description: 'A page of the audit log',
      standardSchema: operatorPageOf(AuditEventResource),
    })
    @ApiProblems('validation_failed', 'unavailable')
    async list(
      @Query({ schema: AuditQuery }) { by, ...query }: z.output<typeof AuditQuery>,
    ): Promise<OperatorPage<z.output<typeof AuditEventResource>>> {
      const userId = by === undefined ? undefined : await this.idOf(by);
      if (userId === null) return { items: [], nextCursor: null, missing: [] };
      const { items, ...rest } = await this.view.listAuditEvents({ ...query, userId });
      const known = await this.people.byId(items.map((event) => event.userId ?? null));
      return { items: items.map((event) => toAuditEventResource(event, known)), ...rest };
    }

    /** @returns null when nobody has that address */
    private async idOf(by: string): Promise<string | null> {
      if (Id.safeParse(by).success) return by;
      if (!this.people.areKnown)
        throw new RequestInvalid([{ path: 'by', message: 'expected an id: this product has no accounts' }]);
      return (await this.people.byEmail(by))?.userId ?? null;
    }
  }
  return AuditController;
}
