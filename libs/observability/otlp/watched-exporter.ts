import { Logger } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { explainTlsFailure } from '@fissile/kit/config';
import { OTLP_FILES, type Signal } from './signals.js';

/** What the exporters of all signals have. */
export interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

const TITLES: Record<Signal, string> = { traces: 'Traces', logs: 'Logs', metrics: 'Metrics' };

/** Logs once when the collector cannot be reached, and once when it can again. */
export class WatchedExporter<Batch> implements Exporter<Batch> {
  private readonly title: string;
  private readonly logger: Logger;
  private isFailing = false;
  /** A batch is sent by whichever request began it, whose log this is not. */
  private readonly outsideOfRequests = AsyncLocalStorage.snapshot();

  constructor(
    signal: Signal,
    private readonly exporter: Exporter<Batch>,
    /** Where the collector is, as the log may show it. */
    private readonly collector: string,
    /** Gets each batch that was not taken; it is not sent again. */
    private readonly onFailed: (batch: Batch) => void = () => undefined,
  ) {
    this.title = TITLES[signal];
    this.logger = new Logger(this.title);
  }

  export(batch: Batch, done: (result: ExportResult) => void): void {
    this.exporter.export(batch, (result) => {
      if (result.code !== ExportResultCode.SUCCESS) this.onFailed(batch);
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
    if (!failed) return this.logger.log(`${this.title} reach ${this.collector} again`);
    const reason = explainTlsFailure(OTLP_FILES, error) ?? codeOf(error);
    this.logger.warn(`${this.title} do not reach ${this.collector}, and are lost until they do: ${reason}`);
  }
}

function codeOf(error: Error | undefined): string {
  return (error as { code?: string } | undefined)?.code ?? error?.name ?? 'no answer';
}
