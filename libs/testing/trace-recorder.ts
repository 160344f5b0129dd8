import { context, trace } from '@opentelemetry/api';
import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace';
import { requirePackages } from '@fissile/kit/host';

/** Records traces in the process of the test itself. The test must stop it, since all tests share one tracer. */
export class TraceRecorder {
  private constructor(
    private readonly exporter: InMemorySpanExporter,
    private readonly stopTracing: () => void,
  ) {}

  /** @throws MissingPackagesError when the SDK of OpenTelemetry, which a product may go without, is not installed */
  static async start(): Promise<TraceRecorder> {
    requirePackages('TraceRecorder', ['@opentelemetry/sdk-trace', '@opentelemetry/context-async-hooks']);
    const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } =
      await import('@opentelemetry/sdk-trace');
    const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
    const { traceWith } = await import('@fissile/kit/observability');
    const exporter = new InMemorySpanExporter();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    traceWith(new TracerProvider({ spanProcessors }).getTracer('test'));
    return new TraceRecorder(exporter, () => traceWith(undefined));
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
    this.stopTracing();
    context.disable();
    trace.disable();
  }
}
