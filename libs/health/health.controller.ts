import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '@fissile/kit/http';
import { DependencyChecks, type HealthReport } from './dependency-checks.js';
import { HealthRegistry } from './health-registry.js';

const Report = z
  .object({ status: z.enum(['healthy', 'unhealthy']) })
  .catchall(z.enum(['up', 'down']))
  .meta({
    id: 'Health',
    description: 'One entry for each dependency in use, and for disk, memory and event loop',
  });

@ApiTags('Health')
@Public()
@SkipThrottle()
@Controller('health')
export class HealthController {
  constructor(
    private readonly checks: DependencyChecks,
    private readonly registry: HealthRegistry,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Whether the process and all that it depends on are well' })
  @ApiResponse({ status: 200, description: 'All is well', standardSchema: Report })
  @ApiResponse({
    status: 503,
    description: 'Something is down, or the process is stopping',
    standardSchema: Report,
  })
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.checks.report());
  }

  @Get('live')
  @ApiOperation({ summary: 'Whether the process runs, whatever it depends on' })
  @ApiResponse({ status: 200, description: 'It runs', standardSchema: Report })
  live(): HealthReport {
    return { status: 'healthy' };
  }

  @Get('startup')
  @ApiOperation({ summary: 'Whether the process has started: from then on it says so for ever' })
  @ApiResponse({ status: 200, description: 'It has', standardSchema: Report })
  @ApiResponse({
    status: 503,
    description: 'Databases are being migrated, or not all listens',
    standardSchema: Report,
  })
  startup(@Res({ passthrough: true }) reply: FastifyReply): HealthReport {
    return answer(reply, { status: this.registry.hasStarted ? 'healthy' : 'unhealthy' });
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether the process should get requests' })
  @ApiResponse({ status: 200, description: 'It should', standardSchema: Report })
  @ApiResponse({ status: 503, description: 'It should not, or not any more', standardSchema: Report })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    if (this.registry.isLeaving) return answer(reply, { status: 'unhealthy' });
    return answer(reply, await this.checks.reportOwn());
  }
}

function answer(reply: FastifyReply, report: HealthReport): HealthReport {
  void reply.status(report.status === 'healthy' ? 200 : 503).header('Cache-Control', 'no-store');
  return report;
}
