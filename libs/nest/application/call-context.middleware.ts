import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { HttpSettings, originForm, RouteDeadlines } from '@fissile/kit/http';
import { activeTrace, traceIdOf, TracingSettings } from '@fissile/kit/observability';
import {
  acceptBaggage,
  BAGGAGE,
  CallDeadline,
  REQUEST_ID,
  runInCall,
  TRACE_PARENT,
} from '@fissile/kit/request';

/** As Express and Fastify give it to middleware. */
type HttpRequest = IncomingMessage & {
  readonly id?: unknown;
  readonly originalUrl?: string;
  readonly ip?: string;
};

/** Loggers of the application write these too. */
const ID = /^[\w.:-]{1,128}$/;

/**
 * Gives each request of the application the context that its calls carry on: its ids, and how long its client waits. A
 * client that disconnects cancels the calls that are made for it. The access guard adds the caller.
 */
@Injectable()
export class CallContextMiddleware implements NestMiddleware<HttpRequest, ServerResponse> {
  private readonly deadlines: RouteDeadlines;

  constructor(
    settings: HttpSettings,
    private readonly tracing: TracingSettings,
  ) {
    this.deadlines = new RouteDeadlines(settings);
  }

  use(request: HttpRequest, response: ServerResponse, next: () => void): void {
    const target = originForm(request.originalUrl ?? request.url ?? '/');
    const deadline = new CallDeadline(this.deadlines.of(target));
    response.once('close', () => {
      if (!response.writableFinished) deadline.cancel();
      deadline.release();
    });
    const call = {
      requestId: requestIdOf(request),
      source: request.ip ?? request.socket.remoteAddress,
      traceId: activeTrace()?.traceId ?? traceIdOf(request.headers[TRACE_PARENT]),
      baggage: this.tracing.TRACE_TRUST_INCOMING ? acceptBaggage(request.headers[BAGGAGE]) : undefined,
      deadline: deadline.at,
      cancellation: deadline,
    };
    runInCall(call, next);
  }
}

/** The one that the application's logger has given it, that of a proxy, or a new one. */
function requestIdOf({ id, headers }: HttpRequest): string {
  const known = [headers[REQUEST_ID], id].find((each) => typeof each === 'string' && ID.test(each));
  return typeof known === 'string' ? known : randomUUID();
}
