import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { ContextName } from '@fissile/kit/contract';

/** The response of a context to a forwarded request. */
export interface UpstreamAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Lets a product respond for a context that is unavailable, where a fallback response is better than none. */
export abstract class ResponseFallback {
  /**
   * @param ask sends the request to the context; rejects when no response arrives
   * @returns the response of the context, or a fallback
   */
  abstract around(
    context: ContextName,
    request: FastifyRequest,
    ask: () => Promise<UpstreamAnswer>,
  ): Promise<UpstreamAnswer>;
}

export class NoFallback extends ResponseFallback {
  around(
    _context: ContextName,
    _request: FastifyRequest,
    ask: () => Promise<UpstreamAnswer>,
  ): Promise<UpstreamAnswer> {
    return ask();
  }
}
