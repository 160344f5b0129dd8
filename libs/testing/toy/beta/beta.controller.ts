import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ContextError } from '@fissile/kit/contract';
import { Id, Public } from '@fissile/kit/http';
import { Alpha } from '../alpha.context.js';
import { type Note, NoteKind } from '../generated/alpha/alpha.js';
import { HeardOfRuns } from './heard-of-runs.js';
import { type SlotState, SlotStore } from './slot-store.js';

const SlotBody = z.strictObject({ capacity: z.int().min(0) });
const NoteBody = z.strictObject({ text: z.string().min(1) });

@ApiTags('Beta')
@Public()
@Controller('api/beta')
export class BetaController {
  constructor(
    private readonly slots: SlotStore,
    private readonly heard: HeardOfRuns,
    private readonly alpha: Alpha,
  ) {}

  @Put('slots/:id')
  @ApiOperation({ summary: 'Say how much room a slot has' })
  async open(
    @Param('id') id: string,
    @Body({ schema: SlotBody }) { capacity }: z.output<typeof SlotBody>,
  ): Promise<SlotState> {
    await this.slots.open(id, capacity);
    return this.slots.get(id);
  }

  @Get('slots/:id')
  @ApiOperation({ summary: 'Read a slot' })
  read(@Param('id') id: string): Promise<SlotState> {
    return this.slots.get(id);
  }

  @Get('runs/:id/heard')
  @ApiOperation({ summary: 'Read the events about the end of a run' })
  async heardOf(@Param('id', { schema: Id }) id: string): Promise<{ outcomes: string[] }> {
    return { outcomes: await this.heard.ofRun(id) };
  }

  @Post('notes')
  @HttpCode(201)
  @ApiOperation({ summary: 'Let alpha write a note' })
  async write(@Body({ schema: NoteBody }) { text }: z.output<typeof NoteBody>): Promise<Note | undefined> {
    return (await this.alpha.addNote({ text, kind: NoteKind.URGENT })).note;
  }

  @Get('notes/:id')
  @ApiOperation({ summary: 'Read a note of alpha' })
  async note(@Param('id', { schema: Id }) id: string): Promise<Note> {
    const { notes } = await this.alpha.getNotes({ noteIds: [id] });
    return notes[0] ?? refuse();
  }
}

function refuse(): never {
  throw ContextError.of('not_found');
}
