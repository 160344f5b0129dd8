import { Logger } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** Logs once when the collector cannot be reached, and once when it can again. Traces of the time between are lost. */
export class WatchedExporter implements SpanExporter {
  private readonly logger = new Logger('Traces');
  private isFailing = false;
  /** A batch is sent by whichever request began it, whose log this is not. */
  private readonly outsideOfRequests = AsyncLocalStorage.snapshot();

  constructor(
    private readonly exporter: SpanExporter,
    /** Where the collector is, as the log may show it. */
    private readonly collector: string,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      this.outsideOfRequests(() => this.note(result));
      // What could not be sent is gone; there is nothing that the processor could do.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private note({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed === this.isFailing) return;
    this.isFailing = failed;
    if (!failed) return this.logger.log(`Traces reach ${this.collector} again`);
    const reason = (error as { code?: string } | undefined)?.code ?? error?.name ?? 'no answer';
    this.logger.warn(`Traces do not reach ${this.collector}, and are lost until they do: ${reason}`);
  }
}
