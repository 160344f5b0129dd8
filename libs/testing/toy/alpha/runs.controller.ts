import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Id, Public } from '@fissile/kit/http';
import { Beta } from '../beta.context.js';
import type { Slot } from '../generated/beta/beta.js';
import { HeardOfSlots } from './heard-of-slots.js';
import { RunSaga } from './run.saga.js';
import { type Run, RunStore } from './run-store.js';

const NewRun = z.strictObject({
  slots: z.array(z.strictObject({ slotId: z.string().min(1), count: z.int().min(1) })).min(1),
  refused: z.boolean().default(false),
});

@ApiTags('Alpha')
@Public()
@Controller('api/alpha/runs')
export class RunsController {
  constructor(
    private readonly saga: RunSaga,
    private readonly runs: RunStore,
    private readonly heard: HeardOfSlots,
    private readonly beta: Beta,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Begin a run' })
  async begin(@Body({ schema: NewRun }) body: z.output<typeof NewRun>): Promise<{ id: string }> {
    const id = uuidv7();
    await this.saga.start({ runId: id, ...body });
    return { id };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a run' })
  read(@Param('id', { schema: Id }) id: string): Promise<Run> {
    return this.runs.get(id);
  }

  @Get(':id/held')
  @ApiOperation({ summary: 'Ask beta what a run holds' })
  async held(@Param('id', { schema: Id }) id: string): Promise<{ slots: readonly Slot[] }> {
    return this.beta.getHeld({ runId: id });
  }

  @Get(':id/heard')
  @ApiOperation({ summary: 'Read the events about the slots of a run' })
  async heardOf(@Param('id', { schema: Id }) id: string): Promise<{ events: unknown[] }> {
    return { events: await this.heard.ofRun(id) };
  }
}
