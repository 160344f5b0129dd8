import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { pipeline, Readable, Transform } from 'node:stream';
import type { ContextName } from '@fissile/kit/contract';
import { Fallbacks, isNoAnswer } from '@fissile/kit/rpc';
import { ENDPOINT } from '@fissile/kit/request';
import { ResponseFallback, type UpstreamAnswer } from '@fissile/kit/gateway';
import { GatewaySettings } from './gateway.settings.js';
import { type Kept, ResponseCache } from './response-cache.js';

const CATALOGUE_PATHS = /^\/api\/products(\/[^/?]+)?(\?|$)/;
/** The gateway's status codes for an unavailable context, and a context's own for an unavailable database. */
const UNAVAILABLE = new Set([502, 503, 504]);
const MAX_ANSWERS = 500;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_BYTES_OF_ONE = 512 * 1024;

/**
 * Serves the last known catalogue while products is unavailable, and marks it as stale (RFC 5861, stale-if-error).
 * Only public responses are cached, and only browsing uses them: products itself prices every order.
 */
@Injectable()
export class CatalogueFallback extends ResponseFallback {
  private readonly kept = new ResponseCache(MAX_ANSWERS, MAX_BYTES);

  constructor(
    private readonly settings: GatewaySettings,
    private readonly fallbacks: Fallbacks,
  ) {
    super();
  }

  /** Requests the context; returns its last successful response when the context is unavailable. */
  async around(
    context: ContextName,
    request: FastifyRequest,
    ask: () => Promise<UpstreamAnswer>,
  ): Promise<UpstreamAnswer> {
    const { url = '' } = request.raw;
    if (context !== 'products' || request.method !== 'GET' || !CATALOGUE_PATHS.test(url)) return ask();
    try {
      const answer = await ask();
      const kept = UNAVAILABLE.has(answer.statusCode) ? this.find(url) : undefined;
      if (kept) {
        answer.body.resume();
        return kept;
      }
      return mayBeKept(request, answer) ? { ...answer, body: this.keepWhileRead(url, answer) } : answer;
    } catch (error) {
      const kept = isNoAnswer(error) ? this.find(url) : undefined;
      if (!kept) throw error;
      return kept;
    }
  }

  private find(url: string): UpstreamAnswer | undefined {
    const kept = this.kept.find(url, this.settings.CATALOGUE_FALLBACK_SECONDS);
    if (!kept) return undefined;
    this.fallbacks.used('stale-catalogue');
    const { headers, body, ageSeconds } = kept;
    const marked = {
      ...headers,
      age: String(ageSeconds),
      // No cache between gateway and client may treat it as fresh.
      'cache-control': 'no-cache',
      'x-fissile-stale': 'true',
    };
    return { statusCode: 200, headers: marked, body: Readable.from([body], { objectMode: false }) };
  }

  private keepWhileRead(url: string, { headers, body }: UpstreamAnswer): Readable {
    const chunks: Buffer[] = [];
    let size = 0;
    const reader = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        if (size <= MAX_BYTES_OF_ONE) chunks.push(chunk);
        done(null, chunk);
      },
      flush: (done) => {
        if (size <= MAX_BYTES_OF_ONE) this.kept.keep(url, headersToKeep(headers), Buffer.concat(chunks));
        done();
      },
    });
    return pipeline(body, reader, () => undefined);
  }
}

function mayBeKept({ headers }: FastifyRequest, answer: UpstreamAnswer): boolean {
  return headers.authorization === undefined && answer.statusCode === 200;
}

function headersToKeep(headers: UpstreamAnswer['headers']): Kept['headers'] {
  const kept = ['content-type', 'etag', ENDPOINT].map((name) => [name, headers[name]]);
  return Object.fromEntries(kept.filter(([, value]) => typeof value === 'string')) as Kept['headers'];
}
