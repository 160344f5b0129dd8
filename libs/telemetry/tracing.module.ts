import { type DynamicModule, Module } from '@nestjs/common';
import { OpenTelemetryModule, TraceService } from 'nestjs-otel';

/**
 * Gives business code what nestjs-otel has for it: TraceService to inject, and its decorators. The whole of its module
 * runs a middleware for each request, so it is there only when traces are taken.
 */
@Module({})
export class TracingModule {
  static forProcess(isOn: boolean): DynamicModule {
    if (isOn) return { module: TracingModule, imports: [OpenTelemetryModule.forRoot()] };
    return { module: TracingModule, global: true, providers: [TraceService], exports: [TraceService] };
  }
}
