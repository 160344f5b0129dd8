import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import {
  ApiProblems,
  Id,
  type Page,
  pageOf,
  PageQuery,
  readCursor,
  SignedIn,
  toPage,
} from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { InvoiceRepository } from '../data/invoice-repository.js';
import { InvoiceResource, toResource } from './invoice.resource.js';

@ApiTags('Billing')
@SignedIn()
@Controller('api/billing')
export class BillingController {
  constructor(private readonly billing: InvoiceRepository) {}

  @Get()
  @ApiOperation({ summary: 'List your own, newest first' })
  @ApiResponse({ status: 200, description: 'A page of invoices', standardSchema: pageOf(InvoiceResource) })
  @ApiProblems('validation_failed')
  async list(
    @CurrentUser() { userId }: Caller,
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<InvoiceResource>> {
    const found = await this.billing.list(userId, limit + 1, readCursor(cursor, Id));
    return toPage(found.map(toResource), limit, ({ id }) => id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read one of your own' })
  @ApiResponse({ status: 200, description: 'The invoice', standardSchema: InvoiceResource })
  @ApiProblems('validation_failed', 'not_found')
  async read(
    @CurrentUser() { userId }: Caller,
    @Param('id', { schema: Id }) id: string,
  ): Promise<InvoiceResource> {
    const found = await this.billing.find(id);
    // Do not reveal that it belongs to another user.
    if (found?.userId !== userId) throw ContextError.of('not_found');
    return toResource(found);
  }
}
