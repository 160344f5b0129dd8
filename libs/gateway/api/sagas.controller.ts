import { Controller, Get, HttpCode, Param, Post, Query, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems, Id, inOrderOfTime, operatorQuery } from '@fissile/kit/http';
import type { Product } from '@fissile/kit/contract';
import { type OperatorPage, OperatorView } from '../operator-view.js';
import { sagaFilter } from './list-queries.js';
import {
  SagaDetails,
  SagaPage,
  type SagaResource,
  toSagaDetails,
  toSagaResource,
} from './operations.resources.js';

/** The query DTOs name the contexts of the product, so a factory creates the class for each product. */
export function sagasController({ contextNames }: Product): Type {
  const context = z.enum(contextNames).optional();
  const SagasQuery = z.strictObject({ ...operatorQuery, ...sagaFilter, context }).refine(...inOrderOfTime);

  @ApiTags('Operations')
  @AdminOnly()
  @Controller('api/admin/sagas')
  class SagasController {
    constructor(private readonly view: OperatorView) {}

    @Get()
    @ApiOperation({ summary: 'List sagas of all contexts' })
    @ApiResponse({ status: 200, description: 'A page of sagas', standardSchema: SagaPage })
    @ApiProblems('validation_failed', 'unavailable')
    async list(
      @Query({ schema: SagasQuery }) query: z.output<typeof SagasQuery>,
    ): Promise<OperatorPage<z.output<typeof SagaResource>>> {
      const { items, ...rest } = await this.view.listSagas(query);
      return { items: items.map(toSagaResource), ...rest };
    }

    @Get(':id')
    @ApiOperation({ summary: 'Read a saga with its steps' })
    @ApiResponse({ status: 200, description: 'The saga', standardSchema: SagaDetails })
    @ApiProblems('validation_failed', 'saga_not_found')
    async read(@Param('id', { schema: Id }) id: string): Promise<z.output<typeof SagaDetails>> {
      const { response } = await this.view.findSaga(id);
      return toSagaDetails(response);
    }

    @Post(':id/retry')
    @HttpCode(202)
    @ApiOperation({ summary: 'Let a saga that waits try again now' })
    @ApiResponse({ status: 202, description: 'It will be tried' })
    @ApiProblems('validation_failed', 'saga_not_found', 'saga_ended')
    async retry(@Param('id', { schema: Id }) id: string): Promise<void> {
      const { operations } = await this.view.findSaga(id);
      await operations.retrySaga({ sagaId: id });
    }

    @Post(':id/abort')
    @HttpCode(202)
    @ApiOperation({ summary: 'Make a running saga take back what it did' })
    @ApiResponse({ status: 202, description: 'It will compensate' })
    @ApiProblems('validation_failed', 'saga_not_found', 'saga_ended')
    async abort(@Param('id', { schema: Id }) id: string): Promise<void> {
      const { operations } = await this.view.findSaga(id);
      await operations.abortSaga({ sagaId: id });
    }
  }
  return SagasController;
}
