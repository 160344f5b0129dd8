import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '@fissile/kit/http';
import { Product } from '@fissile/kit/contract';
import {
  Activity,
  callActivities,
  contextActivities,
  eventActivities,
  instanceActivity,
  MEDIAN_OF_SECONDS,
} from '../activity/activity.js';

const orUnknown = z.number().nullable();

export const ActivityResource = z
  .object({
    at: z.iso.datetime().meta({ description: 'When it was read: two answers give what happens in a second' }),
    processes: z.array(
      z.object({
        name: z.string(),
        instances: z.array(
          z.object({
            id: z.string(),
            isKnown: z
              .boolean()
              .meta({ description: 'false when the instance does not respond; all else is null' }),
            upSeconds: orUnknown,
            residentBytes: orUnknown,
            cpuSeconds: orUnknown.meta({ description: 'Since its start' }),
            requests: orUnknown.meta({
              description: 'Over HTTP, since its start, without what is for operators, such as this',
            }),
            failedRequests: orUnknown.meta({
              description: 'Those that were answered with a status of 500 or more',
            }),
            databaseConnections: orUnknown.meta({ description: 'Of all its pools, idle or busy' }),
          }),
        ),
      }),
    ),
    medianSeconds: orUnknown.meta({
      description: `How long half of the requests took at most that this instance of the gateway has answered in the last ${MEDIAN_OF_SECONDS} seconds`,
    }),
    contexts: z.array(
      z.object({
        name: z.string(),
        requests: orUnknown.meta({
          description: 'Over HTTP to its part of the API, as the gateway has counted them',
        }),
        failedRequests: orUnknown.meta({
          description: 'Those that were answered with a status of 500 or more',
        }),
        medianSeconds: orUnknown.meta({ description: 'As for all, of the requests to its part of the API' }),
        calls: z.number().meta({
          description:
            'To its contracts by other contexts and the gateway, since these started, without what is for operators',
        }),
        failedCalls: z.number().meta({ description: 'Those without an answer, or with an unexpected error' }),
        callSeconds: z.number().meta({ description: 'How long all of them took together' }),
        outboxEvents: orUnknown.meta({ description: 'Events that wait to be published' }),
        outboxLagSeconds: orUnknown.meta({ description: 'The age of the oldest of them' }),
        deadLetters: orUnknown,
        unfinishedSagas: orUnknown,
      }),
    ),
    calls: z
      .array(
        z.object({
          from: z.string().meta({ example: 'billing' }),
          to: z.string().meta({ example: 'invoices' }),
          calls: z.number(),
          failedCalls: z.number(),
          callSeconds: z.number(),
          bytesPerCall: orUnknown.meta({
            description: 'Request and answer together, encoded, on average of those that were measured',
          }),
        }),
      )
      .meta({ description: 'Who has called whom; what a process asks for itself is left out' }),
    events: z
      .array(
        z.object({
          from: z.string().meta({ example: 'billing' }),
          to: z.string().meta({ example: 'invoices' }),
          deliveries: z.number(),
        }),
      )
      .meta({ description: 'Which context was given events of which other, where no broker carries them' }),
  })
  .meta({ id: 'Activity' });

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/activity')
export class ActivityController {
  constructor(
    private readonly activity: Activity,
    private readonly product: Product,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What goes on in all processes: counters since their start, and what waits' })
  @ApiResponse({ status: 200, description: 'The activity', standardSchema: ActivityResource })
  async read(): Promise<z.output<typeof ActivityResource>> {
    const { processes, instances } = await this.activity.read();
    return {
      at: new Date().toISOString(),
      processes: processes.map((name) => ({
        name,
        instances: instances.filter(({ process }) => process === name).map(instanceActivity),
      })),
      medianSeconds: this.activity.medianSeconds(),
      contexts: contextActivities(this.product, instances).map((context) => ({
        ...context,
        medianSeconds: this.activity.medianSeconds(context.name),
      })),
      calls: callActivities(this.product, instances),
      events: eventActivities(this.product, instances),
    };
  }
}
