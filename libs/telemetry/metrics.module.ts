import { Controller, type DynamicModule, Get, Module, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { PrometheusController, PrometheusModule } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Public } from '#libs/auth';
import { CallMetrics, callMetricProviders } from './call-metrics.js';
import { HttpMetrics, httpMetricProviders } from './http-metrics.js';

@ApiTags('Operations')
@Public()
@SkipThrottle()
@Controller('metrics')
class MetricsController extends PrometheusController {
  @Get()
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  @ApiOkResponse({ description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } })
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return super.index(reply);
  }
}

@Module({})
export class MetricsModule {
  static forProcess(): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      imports: [PrometheusModule.register({ controller: MetricsController })],
      providers: [HttpMetrics, ...httpMetricProviders, CallMetrics, ...callMetricProviders],
      exports: [HttpMetrics, CallMetrics],
    };
  }
}
