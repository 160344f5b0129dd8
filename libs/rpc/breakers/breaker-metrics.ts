import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';

const STATE = 'breaker_state';
const CALLS = 'breaker_calls_total';
const REJECTED = 'bulkhead_rejected_total';

export const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

export type BreakerState = (typeof BREAKER_STATES)[number];

/**
 * `ok` is any answer, refusals included; `cut_short` says nothing about the target: its caller cancelled, or had too
 * little time.
 */
export type CallOutcome = 'ok' | 'failed' | 'cut_short' | 'rejected';

const AS_NUMBER: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Reports the state of this process's breakers and bulkheads. */
@Injectable()
export class BreakerMetrics {
  constructor(
    @InjectMetric(STATE) private readonly stateOf: Gauge,
    @InjectMetric(CALLS) private readonly callsTotal: Counter,
    @InjectMetric(REJECTED) private readonly rejectedTotal: Counter,
  ) {}

  state(target: string, state: BreakerState): void {
    this.stateOf.set({ target }, AS_NUMBER[state]);
  }

  call(target: string, outcome: CallOutcome): void {
    this.callsTotal.inc({ target, outcome });
  }

  overloaded(target: string): void {
    this.rejectedTotal.inc({ target });
  }
}

export const breakerMetricProviders = [
  BreakerMetrics,
  makeGaugeProvider({
    name: STATE,
    help: 'The breaker of each target: 0 closed, 1 half-open, 2 open',
    labelNames: ['target'],
  }),
  makeCounterProvider({
    name: CALLS,
    help: 'Calls and requests through breakers, by target and outcome: ok, failed, cut_short or rejected',
    labelNames: ['target', 'outcome'],
  }),
  makeCounterProvider({
    name: REJECTED,
    help: 'Calls and requests that were refused because too many were under way to the target',
    labelNames: ['target'],
  }),
];
