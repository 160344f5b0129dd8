import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { traceWith } from '@fissile/kit/observability';

/** Records traces in the process of the test itself. The test must stop it, since all tests share one tracer. */
export class TraceRecorder {
  private readonly exporter = new InMemorySpanExporter();

  static start(): TraceRecorder {
    const recorder = new TraceRecorder();
    const spanProcessors = [new SimpleSpanProcessor({ exporter: recorder.exporter })];
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    traceWith(new TracerProvider({ spanProcessors }).getTracer('test'));
    return recorder;
  }

  /** The finished spans. */
  get spans(): readonly ReadableSpan[] {
    return this.exporter.getFinishedSpans();
  }

  /** Clears the recorded spans. */
  reset(): void {
    this.exporter.reset();
  }

  stop(): void {
    traceWith(undefined);
    context.disable();
    trace.disable();
  }
}
