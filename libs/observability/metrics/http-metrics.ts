import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { RecentDurations } from './recent-durations.js';

const REQUESTS = 'http_requests_total';
const DURATION = 'http_request_duration_seconds';

export interface ServedRequest {
  readonly method: string;
  /** The route's template, so that ids do not become labels. */
  readonly endpoint: string;
  readonly status: number;
  readonly seconds: number;
  /** An example for those who wonder what took so long. */
  readonly traceId?: string | undefined;
}

/** Counts the requests that this process has answered. */
@Injectable()
export class HttpMetrics {
  /** Of the requests that were answered last. */
  readonly recent = new RecentDurations();

  constructor(
    @InjectMetric(REQUESTS) private readonly requests: Counter,
    @InjectMetric(DURATION) private readonly duration: Histogram,
  ) {}

  record({ method, endpoint, status, seconds, traceId }: ServedRequest): void {
    this.requests.inc({ method, endpoint, status });
    this.recent.add(endpoint, seconds);
    this.duration.observe({
      labels: { method, endpoint },
      value: seconds,
      exemplarLabels: traceId ? { trace_id: traceId } : {},
    });
  }
}

export const httpMetricProviders = [
  makeCounterProvider({
    name: REQUESTS,
    help: 'Requests answered, by method, route and status',
    labelNames: ['method', 'endpoint', 'status'],
  }),
  makeHistogramProvider({
    name: DURATION,
    help: 'Time to answer a request, in seconds',
    labelNames: ['method', 'endpoint'],
    enableExemplars: true,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
];
