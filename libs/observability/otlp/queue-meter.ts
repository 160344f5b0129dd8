import { type Counter, createNoopMeter, type MeterProvider } from '@opentelemetry/api';
import { countLoss, type LosableSignal } from './export-losses.js';

/** OpenTelemetry's names of the counters of what left the queue, and of why. */
const PROCESSED = /^otel\.sdk\.processor\.\w+\.processed$/;
const QUEUE_FULL = 'queue_full';

/** Counts what the SDK drops since its queue is full, which it reports to a meter alone. */
export function queueMeter(signal: LosableSignal): MeterProvider {
  const meter = createNoopMeter();
  const dropped: Counter = {
    add: (records, attributes) => {
      if (attributes?.['error.type'] === QUEUE_FULL) countLoss(signal, QUEUE_FULL, records);
    },
  };
  const createCounter: typeof meter.createCounter = (name, options) =>
    PROCESSED.test(name) ? dropped : meter.createCounter(name, options);
  return { getMeter: () => Object.assign(Object.create(meter) as typeof meter, { createCounter }) };
}
