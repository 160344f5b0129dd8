import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { ContextName } from '@fissile/kit/contract';

/** What a context answers to a request that the gateway passes on to it. */
export interface UpstreamAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Lets a product answer in place of a context that is unavailable, as far as another answer is better than none. */
export abstract class ResponseFallback {
  /**
   * @param ask sends the request to the context; rejects when no answer comes back
   * @returns the answer of the context, or another one
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
