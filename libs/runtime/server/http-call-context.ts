import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type HttpSettings, RouteDeadlines } from '@fissile/kit/http';
import { logRequest, type ServedRequest, traceIdOf } from '@fissile/kit/observability';
import {
  acceptBaggage,
  BAGGAGE,
  CallDeadline,
  runInCall,
  TIMEOUT_MS,
  TRACE_PARENT,
} from '@fissile/kit/request';
import { clientRequestIdOf } from './request-ids.js';
import { traceRequest } from './http-tracing.js';

/** Where in the product a server stands. */
export interface ServerPlace {
  /** Whether clients reach it, not only the gateway. */
  readonly isEdge: boolean;
  /** Whether the trace and the baggage that a request brings along are continued. */
  readonly trustsTraces: boolean;
  /** Whether somebody watches what comes in. */
  readonly showsRequests: boolean;
}

/**
 * Gives each request the context that its calls carry on: its ids, and how long its client waits. A client that
 * disconnects cancels the work that is done for it.
 */
export function openCallContext(
  fastify: FastifyInstance,
  settings: HttpSettings,
  { isEdge, trustsTraces, showsRequests }: ServerPlace,
): void {
  const deadlines = new RouteDeadlines(settings);
  fastify.addHook('onRequest', (request, reply, done) => {
    const clientRequestId = clientRequestIdOf(request, isEdge);
    // The client finds its answer by its own id, and its own id in our logs.
    void reply.header('X-Request-Id', clientRequestId ?? request.id);
    const ownMs = deadlines.of(request.url);
    const deadline = new CallDeadline(isEdge ? ownMs : Math.min(ownMs, gatewaysTimeout(request)));
    const traced = traceRequest(request, reply, trustsTraces);
    const call = {
      requestId: request.id,
      clientRequestId,
      source: request.ip,
      traceId: traced?.traceId ?? traceIdOf(trustsTraces ? request.headers[TRACE_PARENT] : undefined),
      baggage: trustsTraces ? acceptBaggage(request.headers[BAGGAGE]) : undefined,
      deadline: deadline.at,
      cancellation: deadline,
    };
    const inCall = (work: () => void): void =>
      traced ? traced.run(() => runInCall(call, work)) : runInCall(call, work);
    reply.raw.once('close', () => {
      endCall(reply, deadline);
      inCall(() => logRequest(() => served(request, reply), showsRequests));
    });
    inCall(done);
  });
}

function gatewaysTimeout({ headers }: FastifyRequest): number {
  const timeoutMs = Number(headers[TIMEOUT_MS]);
  return Number.isFinite(timeoutMs) && timeoutMs > 0 ? timeoutMs : Infinity;
}

/** A client that disconnects before its response cancels the work that is done for it. */
function endCall(reply: FastifyReply, deadline: CallDeadline): void {
  if (!reply.raw.writableFinished) deadline.cancel();
  deadline.release();
}

/** By the route's template: the path and the query may contain personal data. */
export function served(request: FastifyRequest, reply: FastifyReply): ServedRequest {
  return {
    method: request.method,
    endpoint: request.endpoint ?? request.routeOptions.url ?? 'unmatched',
    status: reply.statusCode,
    seconds: reply.elapsedTime / 1000,
  };
}
