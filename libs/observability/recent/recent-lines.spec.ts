import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { RecentLines } from './recent-lines.js';

const MINUTE_MS = 60_000;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

const lineOf = (level: number, msg: string, more: object = {}): string =>
  JSON.stringify({ level, time: 1, pid: 7, service: 'toy', msg, context: 'Alpha', ...more });

describe('What a process keeps of its log', () => {
  let lines: RecentLines;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: 0 });
    lines = new RecentLines({ items: 9, ageMs: MINUTE_MS, size: 10_000 }, '0000000a');
    lines.add(lineOf(20, 'a step', { traceId: TRACE, requestId: 'r-1' }));
    mock.timers.tick(1_000);
    lines.add(lineOf(40, 'a Warning', { sagaId: TRACE }));
    lines.add(lineOf(50, 'a failure', { traceId: TRACE, err: { message: 'no', stack: 'no\n at x' } }));
  });

  afterEach(() => mock.timers.reset());

  const found = (query: Partial<Parameters<RecentLines['list']>[0]>) =>
    lines.list({ limit: 9, ...query }).map(({ message }) => message);

  it('is shown newest first, with all that a line says and nothing that each line says', () => {
    assert.deepEqual(found({}), ['a failure', 'a Warning', 'a step']);
    const [failure, , step] = lines.list({ limit: 9 });
    assert.equal(failure?.error, 'no\n at x');
    assert.deepEqual(step, {
      id: '00000000000000000000-0000000a',
      at: 0,
      level: 'debug',
      message: 'a step',
      traceId: TRACE,
      error: undefined,
      fields: { context: 'Alpha', requestId: 'r-1' },
    });
  });

  it('is found by level, text, trace and time', () => {
    assert.deepEqual(found({ level: 'warn' }), ['a failure', 'a Warning']);
    assert.deepEqual(found({ text: 'WARN' }), ['a Warning']);
    assert.deepEqual(found({ text: 'r-1' }), ['a step']);
    assert.deepEqual(found({ traceId: TRACE }), ['a failure', 'a step']);
    assert.deepEqual(found({ sinceMs: 1_000 }), ['a failure', 'a Warning']);
  });

  it('goes on from the last line of a page', () => {
    const [newest] = lines.list({ limit: 1 });
    assert.equal(newest?.message, 'a failure');
    assert.deepEqual(found({ before: newest.id }), ['a Warning', 'a step']);
  });

  it('ends where lines are too old, or too long together', () => {
    mock.timers.tick(MINUTE_MS - 500);
    assert.deepEqual(found({}), ['a failure', 'a Warning']);
    lines.add(lineOf(30, 'x'.repeat(9_800)));
    assert.deepEqual(
      found({}).map((message) => message.length),
      [2_001],
    );
  });
});
