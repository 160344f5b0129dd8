import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { FallbackName } from '@fissile/kit/contract';

const ANSWERS = 'fallback_answers_total';

/** Counts fallback responses that replace those of an unavailable context. */
@Injectable()
export class Fallbacks {
  constructor(@InjectMetric(ANSWERS) private readonly answersTotal: Counter) {}

  used(fallback: FallbackName): void {
    this.answersTotal.inc({ fallback });
  }
}

export const fallbackProviders = [
  Fallbacks,
  makeCounterProvider({
    name: ANSWERS,
    help: 'Responses that were degraded because a context was unavailable',
    labelNames: ['fallback'],
  }),
];
