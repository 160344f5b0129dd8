import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems, pageQuery } from '@fissile/kit/http';
import { processName, searchText, TraceIdText } from './telemetry.queries.js';
import { TraceDetails, TracePage, toSpanResources, toTraceResource } from './telemetry.resources.js';
import { TraceView } from './trace-view.js';

const LONGEST_MS = 24 * 3_600_000;
const DURATION = `expected milliseconds, a whole number from 0 to ${LONGEST_MS}`;

const TracesQuery = z.strictObject({
  ...pageQuery,
  text: searchText('To be found in the names or attributes of spans, such as an id in a path'),
  process: processName('Only traces that this process took part in'),
  minDurationMs: z
    .string()
    .regex(/^\d{1,9}$/, DURATION)
    .transform(Number)
    .pipe(z.int().max(LONGEST_MS, DURATION))
    .optional()
    .meta({ description: 'The least duration of what the trace began with' }),
  failed: z
    .enum(['true', 'false'], 'expected true or false')
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'true: only traces with a span that failed' }),
});

/** Traces without a collector: what the processes have kept in their memory. */
@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/traces')
export class TracesController {
  constructor(private readonly view: TraceView) {}

  @Get()
  @ApiOperation({ summary: 'List the traces that the processes have kept in memory, newest first' })
  @ApiResponse({ status: 200, description: 'A page of traces', standardSchema: TracePage })
  @ApiProblems('validation_failed')
  async list(
    @Query({ schema: TracesQuery }) query: z.output<typeof TracesQuery>,
  ): Promise<z.output<typeof TracePage>> {
    const { items, missing, off, ...rest } = await this.view.list(query);
    return { items: items.map(toTraceResource), ...rest, missing: [...missing], off: [...off] };
  }

  @Get(':traceId')
  @ApiOperation({ summary: 'Read a trace: its spans in all processes' })
  @ApiResponse({ status: 200, description: 'The trace', standardSchema: TraceDetails })
  @ApiProblems('validation_failed', 'trace_not_found', 'unavailable')
  async read(
    @Param('traceId', { schema: TraceIdText }) traceId: string,
  ): Promise<z.output<typeof TraceDetails>> {
    const { spans, missing } = await this.view.read(traceId);
    return { traceId, spans: toSpanResources(spans), missing: [...missing] };
  }
}
