import type { EventEnvelope } from '@fissile/kit/contract';
import {
  activeTrace,
  continueTrace,
  inSpan,
  isTracing,
  type SpanDescription,
  traceIdOf,
} from '@fissile/kit/observability';
import { acceptBaggage, currentCall, runInCall } from '@fissile/kit/request';

/**
 * Publishes an event in a span of the trace that it belongs to. The published event carries that span, so the span of
 * each handler, in any process, is its child.
 */
export function publishing(
  envelope: EventEnvelope,
  system: string,
  publish: (envelope: EventEnvelope) => Promise<void>,
): Promise<void> {
  return forEvent(envelope, () => {
    if (!isTracing()) return publish(envelope);
    return inSpan(eventSpan('producer', 'publish', envelope, system), () => {
      const { traceparent, tracestate } = activeTrace() ?? {};
      return publish({ ...envelope, traceparent, ...(tracestate !== undefined && { tracestate }) });
    });
  });
}

/**
 * Handles an event in a span of the trace that it belongs to. When another request causes the handling, such as an
 * operator's replay of a dead letter, the span belongs to that request, and links to the event's own trace.
 */
export function handling<T>(
  envelope: EventEnvelope,
  consumer: string,
  system: string,
  handle: () => Promise<T>,
): Promise<T> {
  return forEvent(envelope, () => {
    if (!isTracing()) return handle();
    const span = eventSpan('consumer', 'process', envelope, system);
    const attributes = { ...span.attributes, 'messaging.consumer.group.name': consumer };
    const active = activeTrace();
    const sameTrace = active?.traceId === traceIdOf(envelope.traceparent);
    const linked = active && !sameTrace ? { linkedTo: envelope } : {};
    return inSpan({ ...span, attributes, ...linked }, handle);
  });
}

/** Runs work without a request in the event's trace and, in logs, with the event's id. */
function forEvent<T>(envelope: EventEnvelope, work: () => Promise<T>): Promise<T> {
  if (currentCall() || envelope.traceparent === undefined) return work();
  const { id: requestId, traceparent, baggage } = envelope;
  const call = { requestId, traceId: traceIdOf(traceparent), baggage: acceptBaggage(baggage) };
  return runInCall(call, () => (activeTrace() ? work() : continueTrace(envelope, work)));
}

function eventSpan(
  kind: 'producer' | 'consumer',
  operation: 'publish' | 'process',
  { type, id, subject }: EventEnvelope,
  system: string,
): SpanDescription {
  return {
    name: `${operation} ${type}`,
    kind,
    attributes: {
      'messaging.system': system,
      'messaging.destination.name': type,
      'messaging.operation.name': operation,
      'messaging.operation.type': operation === 'publish' ? 'send' : 'process',
      'messaging.message.id': id,
      'cloudevents.event_subject': subject,
    },
  };
}
