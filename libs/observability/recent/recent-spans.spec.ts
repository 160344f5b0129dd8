import assert from 'node:assert/strict';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { beforeEach, describe, it } from 'node:test';
import { ROOT_CONTEXT, type Span, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { redactor } from '../logging/redaction.js';
import { RecentSpans } from './recent-spans.js';

const HOUR_MS = 3_600_000;

describe('What a process keeps of its traces', () => {
  let recent: RecentSpans;
  let tracer: Tracer;

  function record(bounds: { items: number; ageMs: number }): void {
    recent = new RecentSpans(bounds, redactor([]));
    tracer = new TracerProvider({ spanProcessors: [recent] }).getTracer('test');
  }

  beforeEach(() => record({ items: 5, ageMs: HOUR_MS }));

  const begin = (name: string, parent?: Span): Span =>
    tracer.startSpan(name, {}, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
  const idOf = (span: Span): string => span.spanContext().traceId;

  it('is the spans that have ended, each trace with what it began with and its first error', () => {
    const root = begin('GET /api/alpha');
    const child = begin('SELECT slots', root);
    const second = begin('publish a', root).setAttribute('error.type', 'timeout');
    child.setAttribute('error.type', '57014').setStatus({ code: SpanStatusCode.ERROR }).end();
    const [unfinished] = recent.traces(9, undefined);
    assert.equal(unfinished?.root, undefined);
    second.setStatus({ code: SpanStatusCode.ERROR }).end();
    root.end();
    const [found, ...others] = recent.traces(9, undefined);
    assert.deepEqual(others, []);
    assert.equal(found?.traceId, idOf(root));
    assert.equal(found.root?.name, 'GET /api/alpha');
    assert.equal(found.spans, 3);
    assert.equal(found.error, '57014');
    assert.ok(found.endedAtMs >= found.startedAtMs);
    const spans = recent.trace(idOf(root), 9);
    assert.deepEqual(
      spans.map(({ name, parentSpanId, failed }) => ({ name, parentSpanId, failed })),
      [
        { name: 'SELECT slots', parentSpanId: root.spanContext().spanId, failed: true },
        { name: 'publish a', parentSpanId: root.spanContext().spanId, failed: true },
        { name: 'GET /api/alpha', parentSpanId: undefined, failed: false },
      ],
    );
    assert.equal(recent.trace(idOf(root), 2).length, 2);
    assert.deepEqual(recent.trace('0'.repeat(32), 9), []);
  });

  it('is no more than so many spans, the newest, and so many traces', () => {
    const all = Array.from({ length: 7 }, (_, number) => begin(`work ${number}`));
    for (const span of all) span.end();
    const names = (limit: number) => recent.traces(limit, undefined).map(({ root }) => root?.name);
    assert.deepEqual(names(9), ['work 6', 'work 5', 'work 4', 'work 3', 'work 2']);
    assert.deepEqual(names(2), ['work 6', 'work 5']);
  });

  it('is found by a text in a name or an attribute', () => {
    begin('GET /api/alpha').setAttribute('url.path', '/api/alpha/Seventeen').end();
    begin('GET /api/beta').end();
    const matching = (text: string) =>
      recent
        .traces(9, text)
        .filter(({ matches }) => matches)
        .map(({ root }) => root?.name);
    assert.deepEqual(matching('seventeen'), ['GET /api/alpha']);
    assert.deepEqual(matching('API/BETA'), ['GET /api/beta']);
    assert.deepEqual(matching('gamma'), []);
  });

  it('has no secret that a client put into a path', () => {
    const span = begin('GET').setAttribute('url.path', '/api/ada@mail.example');
    span.end();
    const [found] = recent.trace(idOf(span), 1);
    assert.deepEqual(JSON.parse(found?.attributes ?? ''), { 'url.path': '/api/[redacted]' });
  });

  it('is nothing when it is turned off', () => {
    record({ items: 0, ageMs: HOUR_MS });
    begin('GET /api/alpha').end();
    assert.equal(recent.isOn, false);
    assert.deepEqual(recent.traces(9, undefined), []);
  });
});
