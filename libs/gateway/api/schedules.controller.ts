import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '@fissile/kit/http';
import type { Schedule } from '@fissile/kit/contract';
import { AskProcesses, type ProcessAnswer } from '../telemetry/ask-processes.js';
import { MissingProcesses } from '../telemetry/telemetry.resources.js';

const time = z.iso.datetime();

const ScheduleResource = z
  .object({
    name: z.string().meta({ example: 'clean-up of sagas of billing' }),
    process: z.string(),
    instance: z.string().meta({ description: 'Which one of the process, where there is a choice' }),
    state: z
      .enum(['running', 'done', 'failed', 'waiting'])
      .meta({ description: 'What the last time ended with; waiting before the first has' }),
    everySeconds: z
      .number()
      .meta({ description: 'The pause after each time; some work is woken before, such as by a commit' }),
    startedAt: time.nullable().meta({ description: 'Of the last time, which may be under way' }),
    durationMs: z.number().nullable().meta({ description: 'Of the last time that has ended' }),
    succeededAt: time.nullable(),
    error: z.string().nullable().meta({ description: 'Why the last time failed' }),
    nextAt: time.nullable().meta({ description: 'When it goes on at the latest; null while it runs' }),
    runs: z.int().meta({ description: 'Since the start of the process' }),
    failures: z.int().meta({ description: 'How many of them failed' }),
  })
  .meta({ id: 'Schedule' });

export const SchedulesResource = z
  .object({ items: z.array(ScheduleResource), missing: MissingProcesses })
  .meta({ id: 'Schedules' });

/** What all processes do again and again in the background, and how it went last. */
@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/schedules')
export class SchedulesController {
  constructor(private readonly processes: AskProcesses) {}

  @Get()
  @ApiOperation({
    summary: 'List the periodic work of all processes, and how it went last',
    description: 'Clean-ups, relays, polls: what failed last comes first.',
  })
  @ApiResponse({ status: 200, description: 'The periodic work', standardSchema: SchedulesResource })
  async list(): Promise<z.output<typeof SchedulesResource>> {
    const { answers, missing } = await this.processes.ask(undefined, (client) => client.listSchedules({}));
    const items = answers.flatMap(({ answer, ...where }) =>
      answer.schedules.map((schedule) => toResource(schedule, where)),
    );
    return { items: items.sort(byTrouble), missing };
  }
}

type ScheduleResource = z.output<typeof ScheduleResource>;

function toResource(
  { name, pauseMs, runs, failures, ...last }: Schedule,
  { process, instance }: Omit<ProcessAnswer<unknown>, 'answer'>,
): ScheduleResource {
  return {
    name,
    process,
    instance,
    state: stateOf(last),
    everySeconds: pauseMs / 1_000,
    startedAt: isoOf(last.startedAtMs),
    durationMs: last.durationMs ?? null,
    succeededAt: isoOf(last.succeededAtMs),
    error: last.error ?? null,
    nextAt: isoOf(last.nextAtMs),
    runs,
    failures,
  };
}

/** Work that has failed and tries again is still in trouble. */
function stateOf({
  error,
  isAtWork,
  endedAtMs,
}: Pick<Schedule, 'error' | 'isAtWork' | 'endedAtMs'>): ScheduleResource['state'] {
  if (error !== undefined) return 'failed';
  if (isAtWork) return 'running';
  return endedAtMs === undefined ? 'waiting' : 'done';
}

function byTrouble(one: ScheduleResource, other: ScheduleResource): number {
  const trouble = ({ state }: ScheduleResource): number => (state === 'failed' ? 0 : 1);
  return (
    trouble(one) - trouble(other) ||
    one.name.localeCompare(other.name) ||
    one.instance.localeCompare(other.instance)
  );
}

const isoOf = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();
