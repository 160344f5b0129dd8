import { Controller, type DynamicModule, Get, Headers, Module, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Public } from '@fissile/kit/http';
import { buildInfoProvider, type ProcessIdentity } from './build-info.js';
import { CallMetrics, callMetricProviders } from './call-metrics.js';
import { exposeActivity, exposeMetrics, keepExemplars } from './exposition.js';
import { lossMetricProviders } from './loss-metrics.js';
import { HttpMetrics, httpMetricProviders } from './http-metrics.js';

@ApiTags('Health')
@Public()
@SkipThrottle()
@Controller('metrics')
class MetricsController {
  @Get()
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus, or as OpenMetrics with exemplars' })
  @ApiOkResponse({
    description: 'Metrics',
    content: {
      'text/plain': { schema: { type: 'string' } },
      'application/openmetrics-text': { schema: { type: 'string' } },
    },
  })
  @ApiQuery({
    name: 'only',
    required: false,
    enum: ['activity'],
    description: 'Only what the console shows, without metrics that begin a new window when they are read',
  })
  async index(
    @Headers('accept') accept: string | undefined,
    @Query('only') only: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { contentType, text } = await (only === 'activity' ? exposeActivity() : exposeMetrics(accept));
    void reply.header('Content-Type', contentType);
    return text;
  }
}

@Module({})
export class MetricsModule {
  static forProcess(identity: ProcessIdentity): DynamicModule {
    keepExemplars();
    return {
      module: MetricsModule,
      global: true,
      imports: [PrometheusModule.register({ controller: MetricsController })],
      providers: [
        HttpMetrics,
        ...httpMetricProviders,
        CallMetrics,
        ...callMetricProviders,
        ...lossMetricProviders,
        buildInfoProvider(identity),
      ],
      exports: [HttpMetrics, CallMetrics],
    };
  }

  /** For an application that serves its own metrics: those of calls are in the default registry of prom-client. */
  static forApplication(): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      providers: [CallMetrics, ...callMetricProviders],
      exports: [CallMetrics],
    };
  }
}
