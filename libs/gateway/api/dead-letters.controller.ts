import { Controller, Get, HttpCode, Param, Post, Query, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems, Id, inOrderOfTime, operatorQuery } from '@fissile/kit/http';
import type { Product } from '@fissile/kit/contract';
import { type OperatorPage, OperatorView } from '../operator-view.js';
import { deadLetterFilter } from './list-queries.js';
import { DeadLetterResource, toDeadLetterResource, operatorPageOf } from './operations.resources.js';

/** The query DTOs name the contexts of the product, so a factory creates the class for each product. */
export function deadLettersController({ contextNames }: Product): Type {
  const context = z.enum(contextNames).optional();
  const DeadLettersQuery = z
    .strictObject({ ...operatorQuery, ...deadLetterFilter, context })
    .refine(...inOrderOfTime);

  @ApiTags('Operations')
  @AdminOnly()
  @Controller('api/admin/dead-letters')
  class DeadLettersController {
    constructor(private readonly view: OperatorView) {}

    @Get()
    @ApiOperation({ summary: 'List events that could not be handled' })
    @ApiResponse({
      status: 200,
      description: 'A page of dead letters',
      standardSchema: operatorPageOf(DeadLetterResource),
    })
    @ApiProblems('validation_failed', 'unavailable')
    async list(
      @Query({ schema: DeadLettersQuery }) query: z.output<typeof DeadLettersQuery>,
    ): Promise<OperatorPage<z.output<typeof DeadLetterResource>>> {
      const { items, ...rest } = await this.view.listDeadLetters(query);
      return { items: items.map(toDeadLetterResource), ...rest };
    }

    @Get(':id')
    @ApiOperation({ summary: 'Show an event that could not be handled' })
    @ApiResponse({ status: 200, description: 'The dead letter', standardSchema: DeadLetterResource })
    @ApiProblems('validation_failed', 'dead_letter_not_found', 'unavailable')
    async get(@Param('id', { schema: Id }) id: string): Promise<z.output<typeof DeadLetterResource>> {
      return toDeadLetterResource(await this.view.findDeadLetter(id));
    }

    @Post(':id/replay')
    @HttpCode(204)
    @ApiOperation({ summary: 'Handle the event again' })
    @ApiResponse({ status: 204, description: 'It was handled' })
    @ApiProblems('validation_failed', 'dead_letter_not_found', 'dead_letter_failed_again')
    async replay(@Param('id', { schema: Id }) id: string): Promise<void> {
      await this.view.replayDeadLetter(id);
    }

    @Post(':id/discard')
    @HttpCode(204)
    @ApiOperation({ summary: 'Drop the event for good' })
    @ApiResponse({ status: 204, description: 'It is gone' })
    @ApiProblems('validation_failed', 'dead_letter_not_found')
    async discard(@Param('id', { schema: Id }) id: string): Promise<void> {
      await this.view.discardDeadLetter(id);
    }
  }
  return DeadLettersController;
}
