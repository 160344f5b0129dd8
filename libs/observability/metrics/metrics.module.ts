import { Controller, type DynamicModule, Get, Headers, Module, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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
  async index(
    @Headers('accept') accept: string | undefined,
    // Of RFC 7240: no query, since scrapers may send one of their own.
    @Headers('prefer') preference: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { contentType, text } = await (preference === 'return=minimal'
      ? exposeActivity()
      : exposeMetrics(accept));
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
