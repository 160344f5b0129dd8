import { Injectable } from '@nestjs/common';
import { InjectMetric, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';

const DURATION = 'contract_call_duration_seconds';
const BYTES = 'contract_call_bytes';

/** Of so many calls one is measured: a prime, so that it is not always the same one of the calls of a request. */
const MEASURED_ONE_OF = 61;

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
  private calls = 0;

  constructor(
    @InjectMetric(DURATION) private readonly duration: Histogram,
    @InjectMetric(BYTES) private readonly bytes: Histogram,
  ) {}

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

  /** Measures how long the messages of some calls are: a local call encodes none, so that to measure all would cost. */
  measureSome({ caller, context, method }: Omit<MeasuredCall, 'via'>, bytesOf: () => number): void {
    this.calls = (this.calls + 1) % MEASURED_ONE_OF;
    if (this.calls === 0) this.bytes.observe({ caller, context, method }, bytesOf());
  }
}

export const callMetricProviders = [
  makeHistogramProvider({
    name: DURATION,
    help: 'Time of calls to contracts, in seconds, by caller, context, method, way and outcome',
    labelNames: ['caller', 'context', 'method', 'via', 'code'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  }),
  makeHistogramProvider({
    name: BYTES,
    help: 'Length of request and answer together, encoded, of one in 61 calls to contracts',
    labelNames: ['caller', 'context', 'method'],
    buckets: [256, 1024, 4096, 16384, 65536, 262144, 1048576],
  }),
];
