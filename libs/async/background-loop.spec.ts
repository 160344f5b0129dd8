import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { BackgroundLoop } from './background-loop.js';
import { type LoopReport, loopReports } from './loop-progress.js';

const AN_HOUR = 3_600_000;

/** A loop whose work ends when, and as, the test says. */
function loopUnderTest() {
  const name = `loop ${randomUUID()}`;
  const waiting: ((outcome: Error | boolean) => void)[] = [];
  const calls: (() => void)[] = [];
  const loop = new BackgroundLoop(name, AN_HOUR, () => {
    calls.shift()?.();
    return new Promise<boolean>((resolve, reject) => {
      waiting.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  });
  return {
    loop,
    /** Resolves when the work begins the next time. */
    begun: () => new Promise<void>((resolve) => calls.push(resolve)),
    end: (outcome: Error | boolean) => waiting.shift()?.(outcome),
    report: (): LoopReport | undefined => loopReports().find((report) => report.name === name),
  };
}

/** Long enough for what follows from a promise that has been settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('A background loop', () => {
  it('says what it does, from its start to its stop', async () => {
    const { loop, begun, end, report } = loopUnderTest();
    assert.equal(report(), undefined);
    const first = begun();
    loop.start();
    await first;
    const atWork = report();
    assert.deepEqual(
      [atWork?.isAtWork, atWork?.endedAtMs, atWork?.nextAtMs, atWork?.runs],
      [true, undefined, undefined, 0],
    );
    end(false);
    await settled();
    const { isAtWork, error, runs, failures, nextAtMs = 0, endedAtMs = 0, pauseMs } = report() as LoopReport;
    assert.deepEqual([isAtWork, error, runs, failures, pauseMs], [false, undefined, 1, 0, AN_HOUR]);
    assert.ok(nextAtMs >= endedAtMs + AN_HOUR, 'it goes on after the pause');
    await loop.stop();
    assert.equal(report(), undefined);
  });

  it('says why it failed, and when it last did not', async () => {
    const { loop, begun, end, report } = loopUnderTest();
    const [first, second, third] = [begun(), begun(), begun()];
    loop.start();
    await first;
    end(true);
    await second;
    const { succeededAtMs } = report() as LoopReport;
    assert.ok(succeededAtMs);
    end(new Error('the table is gone'));
    await settled();
    const failed = report() as LoopReport;
    assert.deepEqual(
      [failed.error, failed.runs, failed.failures, failed.succeededAtMs],
      ['the table is gone', 2, 1, succeededAtMs],
    );
    loop.wake();
    await third;
    assert.equal(report()?.error, 'the table is gone', 'it is in trouble until it succeeds');
    end(false);
    await settled();
    assert.deepEqual([report()?.error, report()?.failures], [undefined, 1]);
    await loop.stop();
  });
});
