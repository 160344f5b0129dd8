import { Injectable } from '@nestjs/common';
import { InjectMetric, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';

const DURATION = 'contract_call_duration_seconds';

export interface MeasuredCall {
  /** The context that calls, or `process` for what a process asks for itself. */
  readonly caller: string;
  readonly context: string;
  readonly method: string;
  readonly via: 'local' | 'remote';
}

/** Measures the calls that this process makes to contracts, local and remote. */
@Injectable()
export class CallMetrics {
  constructor(@InjectMetric(DURATION) private readonly duration: Histogram) {}

  /** Does the call; its outcome is counted by the error's code, or as ok. */
  async measure<T>(call: MeasuredCall, make: () => Promise<T>): Promise<T> {
    const end = this.duration.startTimer({ ...call });
    try {
      const answer = await make();
      end({ code: 'ok' });
      return answer;
    } catch (error) {
      end({ code: (error as { code?: string }).code ?? 'internal_error' });
      throw error;
    }
  }
}

export const callMetricProviders = [
  makeHistogramProvider({
    name: DURATION,
    help: 'Time of calls to contracts, in seconds, by caller, context, method, way and outcome',
    labelNames: ['caller', 'context', 'method', 'via', 'code'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  }),
];
