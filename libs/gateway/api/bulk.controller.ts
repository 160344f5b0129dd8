import { Body, Controller, HttpCode, Post, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems } from '@fissile/kit/http';
import type { Product } from '@fissile/kit/contract';
import { BULK_AT_MOST, BulkActions, type BulkResult } from '../bulk-actions.js';
import { bulkBodyOf, BulkResource } from './bulk.resources.js';
import { deadLetterFilter, sagaFilter } from './list-queries.js';

const AT_MOST = `Oldest first, ${BULK_AT_MOST} at a time. What it is done to is in the audit log, each by itself.`;

/** The filter names the contexts of the product, so a factory creates the class for each product. */
export function sagasBulkController({ contextNames }: Product): Type {
  const filter = { ...sagaFilter, context: z.enum(contextNames).optional() };
  const Bulk = bulkBodyOf(filter).meta({ id: 'SagasBulk' });

  @ApiTags('Operations')
  @AdminOnly()
  @Controller('api/admin/sagas')
  class SagasBulkController {
    constructor(private readonly bulk: BulkActions) {}

    @Post('retry')
    @HttpCode(200)
    @ApiOperation({ summary: 'Retry all sagas that fit and wait for a retry', description: AT_MOST })
    @ApiResponse({ status: 200, description: 'How many it was done to', standardSchema: BulkResource })
    @ApiProblems('validation_failed', 'unavailable')
    retry(@Body({ schema: Bulk }) body: z.output<typeof Bulk>): Promise<BulkResult> {
      return this.bulk.sagas('retry', body);
    }

    @Post('abort')
    @HttpCode(200)
    @ApiOperation({ summary: 'Abort all sagas that fit and run', description: AT_MOST })
    @ApiResponse({ status: 200, description: 'How many it was done to', standardSchema: BulkResource })
    @ApiProblems('validation_failed', 'unavailable')
    abort(@Body({ schema: Bulk }) body: z.output<typeof Bulk>): Promise<BulkResult> {
      return this.bulk.sagas('abort', body);
    }
  }
  return SagasBulkController;
}

/** The filter names the contexts of the product, so a factory creates the class for each product. */
export function deadLettersBulkController({ contextNames }: Product): Type {
  const filter = { ...deadLetterFilter, context: z.enum(contextNames).optional() };
  const Bulk = bulkBodyOf(filter).meta({ id: 'DeadLettersBulk' });

  @ApiTags('Operations')
  @AdminOnly()
  @Controller('api/admin/dead-letters')
  class DeadLettersBulkController {
    constructor(private readonly bulk: BulkActions) {}

    @Post('replay')
    @HttpCode(200)
    @ApiOperation({ summary: 'Replay all dead letters that fit', description: AT_MOST })
    @ApiResponse({ status: 200, description: 'How many it was done to', standardSchema: BulkResource })
    @ApiProblems('validation_failed', 'unavailable')
    replay(@Body({ schema: Bulk }) body: z.output<typeof Bulk>): Promise<BulkResult> {
      return this.bulk.deadLetters('replay', body);
    }

    @Post('discard')
    @HttpCode(200)
    @ApiOperation({ summary: 'Discard all dead letters that fit', description: AT_MOST })
    @ApiResponse({ status: 200, description: 'How many it was done to', standardSchema: BulkResource })
    @ApiProblems('validation_failed', 'unavailable')
    discard(@Body({ schema: Bulk }) body: z.output<typeof Bulk>): Promise<BulkResult> {
      return this.bulk.deadLetters('discard', body);
    }
  }
  return DeadLettersBulkController;
}
