import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems } from '@fissile/kit/http';
import { RANGES } from '../history/history.js';
import { HistoryKeeper } from '../history/history-keeper.js';
import type { Mark } from '../history/marks.js';
import type { Point } from '../history/points.js';

const HistoryQuery = z.strictObject({
  range: z
    .enum(Object.keys(RANGES) as (keyof typeof RANGES)[], 'expected 15m, 1h or 6h')
    .default('15m')
    .meta({ description: 'How far back' }),
});

const time = z.iso.datetime();
const orUnknown = z.number().nullable();

const PointResource = z.object({
  at: time.meta({ description: 'When the stretch of time ended that it is about' }),
  requestsPerSecond: orUnknown.meta({ description: 'Of clients, without what is for operators' }),
  failedPerSecond: orUnknown.meta({ description: 'Those that were answered with a status of 500 or more' }),
  p50Ms: orUnknown.meta({ description: 'How long half of them took at most; null when there was none' }),
  p99Ms: orUnknown,
  outboxLagSeconds: orUnknown.meta({ description: 'The age of the oldest event that was not published' }),
  outboxEvents: orUnknown.meta({ description: 'How many there were' }),
  inboxEvents: orUnknown.meta({ description: 'Events that waited behind a dead letter of their key' }),
});

const MarkResource = z.object({
  at: time,
  kind: z.enum(['started', 'down', 'moved']).meta({ description: 'What happened to the process' }),
  process: z.string(),
  context: z.string().nullable().meta({ description: 'What moved to it' }),
});

export const HistoryResource = z
  .object({
    from: time,
    to: time,
    everySeconds: z.number().meta({ description: 'How far apart the points are, about' }),
    points: z.array(PointResource).meta({ description: 'Oldest first' }),
    marks: z.array(MarkResource),
  })
  .meta({ id: 'History' });

/** What the product did in the last minutes or hours, as this gateway has seen it. */
@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/history')
export class HistoryController {
  constructor(private readonly keeper: HistoryKeeper) {}

  @Get()
  @ApiOperation({
    summary: 'Rates, response times and queues of the last minutes or hours',
    description:
      'Kept in the memory of the gateway that answers, from its start on, for six hours: for more use Prometheus.',
  })
  @ApiResponse({ status: 200, description: 'The history', standardSchema: HistoryResource })
  @ApiProblems('validation_failed')
  read(
    @Query({ schema: HistoryQuery }) { range }: z.output<typeof HistoryQuery>,
  ): z.output<typeof HistoryResource> {
    const now = Date.now();
    const { from, everySeconds, points, marks } = this.keeper.history.read(range, now);
    return {
      from: isoOf(from),
      to: isoOf(now),
      everySeconds,
      points: points.map(toPointResource),
      marks: marks.map(toMarkResource),
    };
  }
}

function toPointResource({ at, p50Seconds, p99Seconds, ...point }: Point): z.output<typeof PointResource> {
  return {
    at: isoOf(at),
    requestsPerSecond: known(point.requestsPerSecond),
    failedPerSecond: known(point.failedPerSecond),
    p50Ms: known(p50Seconds * 1_000),
    p99Ms: known(p99Seconds * 1_000),
    outboxLagSeconds: known(point.outboxLagSeconds),
    outboxEvents: known(point.outboxEvents),
    inboxEvents: known(point.inboxEvents),
  };
}

function toMarkResource({ at, kind, process, context }: Mark): z.output<typeof MarkResource> {
  return { at: isoOf(at), kind, process, context: context ?? null };
}

/** No finer than anybody looks at. */
const known = (value: number): number | null =>
  Number.isNaN(value) ? null : Math.round(value * 1_000) / 1_000;

const isoOf = (ms: number): string => new Date(ms).toISOString();
