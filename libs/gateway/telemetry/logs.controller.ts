import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems, pageQuery } from '@fissile/kit/http';
import { LogView } from './log-view.js';
import { processName, searchText, TraceIdText } from './telemetry.queries.js';
import { LogPage, toLogLineResource } from './telemetry.resources.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const LogsQuery = z.strictObject({
  ...pageQuery,
  process: processName('Only lines of this process'),
  level: z.enum(LEVELS).optional().meta({ description: 'The least important level' }),
  text: searchText('To be found in the line, such as the id of a request or of a saga'),
  traceId: TraceIdText.optional(),
  since: z.iso
    .datetime('expected a time in UTC, as in 2026-01-31T12:00:00Z')
    .transform((text) => new Date(text))
    .optional()
    .meta({ description: 'Only lines since then' }),
});

/** Logs without a collector: what the processes have kept in their memory. */
@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/logs')
export class LogsController {
  constructor(private readonly view: LogView) {}

  @Get()
  @ApiOperation({ summary: 'List the log lines that the processes have kept in memory, newest first' })
  @ApiResponse({ status: 200, description: 'A page of log lines', standardSchema: LogPage })
  @ApiProblems('validation_failed')
  async list(
    @Query({ schema: LogsQuery }) query: z.output<typeof LogsQuery>,
  ): Promise<z.output<typeof LogPage>> {
    const { items, missing, ...rest } = await this.view.list(query);
    return { items: items.map(toLogLineResource), ...rest, missing: [...missing] };
  }
}
