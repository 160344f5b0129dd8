import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import type { SagaRecord, TimelineEntry } from '../store/saga-record.js';

export const ENDED = 'saga_ended_total';
export const DURATION = 'saga_duration_seconds';
export const ATTEMPTS = 'saga_step_attempts_total';

/** Counts what the sagas of this process do. */
@Injectable()
export class SagaMetrics {
  constructor(
    @InjectMetric(ENDED) private readonly endedTotal: Counter,
    @InjectMetric(DURATION) private readonly duration: Histogram,
    @InjectMetric(ATTEMPTS) private readonly attemptsTotal: Counter,
  ) {}

  /** Called only by the owner that saved the end. */
  ended({ name: saga, status, createdAt }: SagaRecord): void {
    this.endedTotal.inc({ saga, status });
    this.duration.observe({ saga, status }, (Date.now() - createdAt.getTime()) / 1000);
  }

  attempted(saga: string, { name: step, kind, status }: TimelineEntry): void {
    this.attemptsTotal.inc({ saga, step, kind, outcome: status === 'done' ? 'ok' : 'failed' });
  }
}
