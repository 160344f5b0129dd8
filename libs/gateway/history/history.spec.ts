import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { History, READ_EVERY_MS } from './history.js';
import type { Reading } from './reading.js';
import { type EdgeCounters, quantileOf } from './traffic.js';

const START = Date.parse('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;

/** An edge that has answered so many requests, all of them within 10 ms. */
const edge = (requests: number, { failed = 0, startedAt = START - HOUR_MS } = {}): EdgeCounters => ({
  startedAt,
  requests,
  failed,
  within: new Map([
    [0.005, 0],
    [0.01, requests],
    [Infinity, requests],
  ]),
});

const reading = (at: number, change: Partial<Reading> = {}): Reading => ({
  at,
  edges: new Map([['main 1', edge(0)]]),
  outboxLagSeconds: 0,
  outboxEvents: 0,
  inboxEvents: 0,
  starts: new Map([['main', [START - HOUR_MS]]]),
  hosts: new Map([['billing', 'main']]),
  ...change,
});

const withEdge = (at: number, counters: EdgeCounters): Reading =>
  reading(at, { edges: new Map([['main 1', counters]]) });

describe('The history of the gateway', () => {
  it('has rates of what came between two readings', () => {
    const history = new History();
    history.add(withEdge(START, edge(1_000)));
    assert.deepEqual(history.read('15m', START).points, [], 'the first says nothing of any time');
    history.add(withEdge(START + 10_000, edge(1_050, { failed: 20 })));
    const [point, ...others] = history.read('15m', START + 10_000).points;
    assert.equal(others.length, 0);
    assert.deepEqual([point?.requestsPerSecond, point?.failedPerSecond], [5, 2]);
    assert.equal(point?.p50Seconds, 0.0075);
    assert.ok(Math.abs((point?.p99Seconds ?? 0) - 0.00995) < 1e-9);
  });

  it('counts what an instance did that has started in between, and nothing from before it was known', () => {
    const history = new History();
    history.add(withEdge(START, edge(1_000)));
    history.add(withEdge(START + 10_000, edge(30, { startedAt: START + 5_000 })));
    const another = new Map([
      ['main 1', edge(30, { startedAt: START + 5_000 })],
      ['main 2', edge(9_000)],
    ]);
    history.add(reading(START + 20_000, { edges: another }));
    const rates = history.read('15m', START + 20_000).points.map((point) => point.requestsPerSecond);
    assert.deepEqual(rates, [3, 0]);
  });

  it('marks starts, ends and moves', () => {
    const history = new History();
    history.add(reading(START));
    history.add(reading(START + 10_000, { starts: new Map([['main', []]]) }));
    history.add(reading(START + 20_000, { starts: new Map([['main', [START + 15_000]]]) }));
    history.add(reading(START + 30_000, { hosts: new Map([['billing', 'billing']]) }));
    assert.deepEqual(history.read('15m', START + 30_000).marks, [
      { at: START + 10_000, kind: 'down', process: 'main' },
      { at: START + 15_000, kind: 'started', process: 'main' },
      { at: START + 30_000, kind: 'moved', process: 'billing', context: 'billing' },
    ]);
  });

  it('marks a start that no reading saw until the process answered, and none of a process that only answers again', () => {
    const history = new History();
    const at = (seconds: number, starts: readonly number[]): void =>
      history.add(reading(START + seconds * 1_000, { starts: new Map([['main', starts]]) }));
    at(0, [START - HOUR_MS]);
    at(10, []);
    at(20, [START + 5_000]);
    at(30, []);
    at(40, [START + 5_000]);
    assert.deepEqual(
      history.read('15m', START + 40_000).marks.map(({ at, kind }) => `${(at - START) / 1_000} ${kind}`),
      ['10 down', '5 started', '30 down'],
    );
  });

  it('joins readings to minutes for a long range, and hides no peak of a queue', () => {
    const history = new History();
    for (let index = 0; index <= 6; index += 1) {
      const queue = index === 3 ? { outboxEvents: 70, outboxLagSeconds: 4 } : { outboxEvents: 1 };
      history.add({ ...withEdge(START + index * 10_000, edge(index * 60)), ...queue });
    }
    const { points, everySeconds } = history.read('6h', START + 60_000);
    assert.equal(everySeconds, 60);
    assert.equal(points.length, 1);
    assert.deepEqual(
      [points[0]?.requestsPerSecond, points[0]?.outboxEvents, points[0]?.outboxLagSeconds],
      [6, 70, 4],
    );
  });

  it('says nothing where nothing is known', () => {
    const history = new History();
    const unknown = { outboxLagSeconds: Number.NaN, outboxEvents: Number.NaN, edges: new Map() };
    history.add(reading(START, unknown));
    history.add(reading(START + 10_000, unknown));
    const [point] = history.read('15m', START + 10_000).points;
    assert.deepEqual([point?.outboxEvents, point?.p99Seconds], [Number.NaN, Number.NaN]);
  });

  it('takes the same memory after a day as at the start', () => {
    const history = new History();
    const atFirst = history.bytes;
    assert.ok(atFirst <= 46 * 1_024, `${atFirst} bytes`);
    const readings = (24 * HOUR_MS) / READ_EVERY_MS;
    for (let index = 0; index < readings; index += 1) {
      const at = START + index * READ_EVERY_MS;
      history.add(reading(at, { starts: new Map([['main', [at - 1]]]) }));
    }
    const now = START + (readings - 1) * READ_EVERY_MS;
    assert.equal(history.bytes, atFirst);
    assert.equal(history.read('15m', now).points.length, 90);
    assert.equal(history.read('1h', now).points.length, 360);
    assert.equal(history.read('6h', now).points.length, 360);
    assert.equal(history.read('6h', now).marks.length, 200);
  });
});

describe('A quantile of a histogram', () => {
  const within = new Map([
    [0.1, 50],
    [0.2, 90],
    [Infinity, 100],
  ]);

  it('lies even between the bounds of its bucket, and at the last bound beyond it', () => {
    assert.equal(quantileOf(0.5, within), 0.1);
    assert.ok(Math.abs(quantileOf(0.7, within) - 0.15) < 1e-9);
    assert.equal(quantileOf(0.99, within), 0.2);
  });

  it('is unknown without requests', () => assert.ok(Number.isNaN(quantileOf(0.5, new Map()))));
});
