import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '#libs/auth';
import { Placement } from '#libs/topology';

const TopologyResource = z
  .object({
    topology: z.string().meta({ example: 'monolith' }),
    processes: z.array(z.object({ name: z.string(), hosts: z.array(z.string()) })),
  })
  .meta({ id: 'Topology' });

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/topology')
export class TopologyController {
  constructor(private readonly placement: Placement) {}

  @Get()
  @ApiOperation({ summary: 'Which process hosts which contexts' })
  @ApiResponse({ status: 200, description: 'The topology that runs', standardSchema: TopologyResource })
  read(): z.output<typeof TopologyResource> {
    const processes = this.placement.processes.map(({ name, hosts }) => ({ name, hosts: [...hosts] }));
    return { topology: this.placement.topology, processes };
  }
}
