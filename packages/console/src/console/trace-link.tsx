/** Where the trace of an event is, by the place in it that the event has with it. */
export function TraceLink({ traceparent }: { traceparent: unknown }) {
  const [, traceId] = typeof traceparent === 'string' ? traceparent.split('-') : [];
  if (traceId === undefined) return null;
  return (
    <p>
      <a href={`#/traces/${traceId}`}>Trace</a>
    </p>
  );
}
