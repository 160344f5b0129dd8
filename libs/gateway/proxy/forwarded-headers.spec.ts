import type { FastifyRequest } from 'fastify';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestHeaders } from './forwarded-headers.js';

describe('Headers that the gateway forwards', () => {
  it('carry its own trace and baggage, never those that a client sent', () => {
    const sent = {
      accept: 'text/plain',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'them=1',
      baggage: 'tenant=theirs',
    };
    const request = {
      headers: sent,
      ip: '127.0.0.1',
      protocol: 'http',
      host: 'h',
    } as unknown as FastifyRequest;
    const named = (added: Record<string, string | undefined>) => {
      const { accept, traceparent, tracestate, baggage } = requestHeaders(request, added);
      return { accept, traceparent, tracestate, baggage };
    };
    const own = { traceparent: 'own', tracestate: undefined, baggage: undefined };
    assert.deepEqual(named(own), { accept: 'text/plain', ...own });
    const accepted = { traceparent: 'own', tracestate: 'us=1', baggage: 'tenant=ours' };
    assert.deepEqual(named(accepted), { accept: 'text/plain', ...accepted });
  });
});
