import { type DynamicModule, Module } from '@nestjs/common';
import { TraceService } from './trace-service.js';

/**
 * Gives business code what nestjs-otel has for it: TraceService to inject, and its decorators. The whole of its module
 * runs a middleware for each request and takes memory, so it is loaded only when traces are sent.
 */
@Module({})
export class TracingModule {
  static async forProcess(isOn: boolean): Promise<DynamicModule> {
    if (!isOn) {
      return { module: TracingModule, global: true, providers: [TraceService], exports: [TraceService] };
    }
    const { OpenTelemetryModule } = await import('nestjs-otel');
    return { module: TracingModule, imports: [OpenTelemetryModule.forRoot()] };
  }
}
