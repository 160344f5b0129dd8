import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { traceWith } from '@fissile/kit/observability';

/** Takes traces in the process of the test itself. It must be stopped, since there is one tracer for all. */
export class TraceRecorder {
  private readonly exporter = new InMemorySpanExporter();

  static start(): TraceRecorder {
    const recorder = new TraceRecorder();
    const spanProcessors = [new SimpleSpanProcessor({ exporter: recorder.exporter })];
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    traceWith(new TracerProvider({ spanProcessors }).getTracer('test'));
    return recorder;
  }

  /** Those that have ended. */
  get spans(): readonly ReadableSpan[] {
    return this.exporter.getFinishedSpans();
  }

  /** Forgets what has been taken. */
  reset(): void {
    this.exporter.reset();
  }

  stop(): void {
    traceWith(undefined);
    context.disable();
    trace.disable();
  }
}
