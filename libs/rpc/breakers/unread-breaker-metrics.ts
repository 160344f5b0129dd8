import { Counter, Gauge } from 'prom-client';
import { BreakerMetrics } from './breaker-metrics.js';

/** Unregistered metrics, for tests that use breakers. */
export function unreadBreakerMetrics(): BreakerMetrics {
  const unread = { name: 'unread', help: 'Unread', registers: [] };
  const gauge = new Gauge({ ...unread, labelNames: ['target'] });
  const counter = new Counter({ ...unread, labelNames: ['target', 'outcome'] });
  return new BreakerMetrics(gauge, counter, counter);
}
