import { context, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendsTraces, startSpan, type TraceParent, unsampledParent } from '@fissile/kit/observability';

/** Polled by operators and their machines; no work of the product. */
const NOT_TRACED = /^\/(health|metrics)(\/|\?|$)/;

/** The pages of operators poll these. What is kept of traces is little, and would hold nothing else after a while. */
const READ_BY_OPERATORS = /^\/api\/admin\//;

export interface TracedRequest {
  readonly traceId: string;
  /** Runs what the request causes as a part of its span. */
  run(work: () => void): void;
}

/**
 * Opens the span of a request that is served here, and closes it with the answer; undefined while traces are off.
 * @param trustsTraces whether the request goes on with the trace that it names; otherwise its own trace links to that
 */
export function traceRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  trustsTraces: boolean,
): TracedRequest | undefined {
  if (NOT_TRACED.test(request.url)) return undefined;
  const { traceparent, tracestate } = request.headers;
  const incoming = { traceparent: oneOf(traceparent), tracestate: oneOf(tracestate) };
  const started = startSpan({
    name: request.method,
    kind: 'server',
    // Neither the query nor the client's address: both may be personal data.
    attributes: {
      'http.request.method': request.method,
      'url.path': request.url.split('?', 1)[0] ?? '',
      'url.scheme': request.protocol,
      'server.address': request.hostname,
      'network.protocol.version': request.raw.httpVersion,
    },
    ...parentOf(request, incoming, trustsTraces),
  });
  if (!started) return undefined;
  const { span } = started;
  reply.raw.once('close', () => {
    const route = request.endpoint ?? request.routeOptions.url;
    if (route !== undefined) span.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
    if (reply.raw.writableFinished) {
      span.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) failedWith(String(reply.statusCode));
    } else {
      // The client has disconnected: there is no status.
      span.setAttribute('error.type', 'cancelled');
    }
    span.end();
  });
  const failedWith = (type: string): void => {
    span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
  };
  return {
    traceId: span.spanContext().traceId,
    run: (work) => context.with(started.context, work),
  };
}

function parentOf({ method, url }: FastifyRequest, incoming: TraceParent, trustsTraces: boolean) {
  if (method === 'GET' && READ_BY_OPERATORS.test(url) && !sendsTraces()) {
    return { startedBy: unsampledParent() };
  }
  return trustsTraces ? { startedBy: incoming } : { startedBy: {}, linkedTo: incoming };
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
