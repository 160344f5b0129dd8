import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '#libs/auth';
import { BREAKER_STATES } from '#libs/resilience';
import { Placement } from '#libs/topology';
import { OperatorView } from '../operator-view.js';

const BreakerResource = z
  .object({
    target: z.string().meta({
      example: 'orders',
      description: 'A context, for the calls to it; with -http, for the requests that are passed on to it',
    }),
    state: z.enum(BREAKER_STATES),
    inFlight: z.int().meta({ description: 'What is under way to it' }),
  })
  .meta({ id: 'Breaker' });

const TopologyResource = z
  .object({
    topology: z.string().meta({ example: 'monolith' }),
    processes: z.array(
      z.object({
        name: z.string(),
        hosts: z.array(z.string()),
        breakers: z
          .array(BreakerResource)
          .nullable()
          .meta({ description: 'Before what it sends to others; null when it does not tell' }),
      }),
    ),
  })
  .meta({ id: 'Topology' });

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/topology')
export class TopologyController {
  constructor(
    private readonly placement: Placement,
    private readonly view: OperatorView,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Which process hosts which contexts, and whom it cannot reach' })
  @ApiResponse({ status: 200, description: 'The topology that runs', standardSchema: TopologyResource })
  async read(): Promise<z.output<typeof TopologyResource>> {
    const processes = this.placement.processes.map(async ({ name, hosts }) => ({
      name,
      hosts: [...hosts],
      breakers: (await this.view.breakersOf(hosts)) ?? null,
    }));
    return { topology: this.placement.topology, processes: await Promise.all(processes) };
  }
}
