import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError } from '@fissile/kit/contract';
import { Batches } from './batches.js';

describe('Batches', () => {
  /** Records how items were processed; a batch ends when the test releases it. */
  class Work {
    readonly done: string[] = [];
    private letGo: () => void = () => undefined;
    isHeld = false;

    hold(): void {
      this.isHeld = true;
    }

    go(): void {
      this.isHeld = false;
      this.letGo();
    }

    batch = async (items: readonly number[]): Promise<readonly string[]> => {
      if (this.isHeld) await new Promise<void>((resolve) => (this.letGo = resolve));
      if (items.includes(13)) throw ContextError.of('saga_ended');
      if (items.includes(404)) throw ContextError.of('unavailable');
      this.done.push(items.join(' '));
      return items.map((item) => `result ${item}`);
    };
  }

  it('process concurrent items together', async () => {
    const work = new Work();
    const batches = new Batches(work.batch);
    assert.equal(await batches.add(1), 'result 1');
    assert.deepEqual(await Promise.all([batches.add(2), batches.add(3)]), ['result 2', 'result 3']);
    assert.deepEqual(work.done, ['1', '2 3']);
  });

  it('collect items that arrive while a batch is in progress', async () => {
    const work = new Work();
    const batches = new Batches(work.batch);
    work.hold();
    const first = batches.add(1);
    await new Promise((resolve) => setImmediate(resolve));
    const others = [2, 3, 4].map((item) => batches.add(item));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(work.done, []);
    work.go();
    await Promise.all([first, ...others]);
    assert.deepEqual(work.done, ['1', '2 3 4']);
  });

  it('fail each item alone when the batch conflicts', async () => {
    const work = new Work();
    const batches = new Batches(work.batch);
    const results = await Promise.allSettled([1, 13, 2].map((item) => batches.add(item)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(work.done, ['1', '2']);
  });

  it('do a single item once, as a batch of one, and reject as it does', async () => {
    let calls = 0;
    const batches = new Batches<number, string>(() => {
      calls += 1;
      throw ContextError.of('saga_ended');
    });
    await assert.rejects(batches.add(1), { code: 'saga_ended' });
    assert.equal(calls, 1);
    await Promise.allSettled([batches.add(2), batches.add(3)]);
    assert.equal(calls, 4, 'two together, then each on its own');
  });

  it('do not retry what may have been committed', async () => {
    const work = new Work();
    const batches = new Batches(work.batch);
    const results = await Promise.allSettled([1, 404].map((item) => batches.add(item)));
    assert.ok(
      results.every((result) => result.status === 'rejected' && result.reason.code === 'unavailable'),
    );
    assert.deepEqual(work.done, []);
    assert.equal(await batches.add(2), 'result 2', 'and go on');
  });

  it('have no more than 64 items', async () => {
    const work = new Work();
    const batches = new Batches(work.batch);
    await Promise.all(Array.from({ length: 130 }, (_, item) => batches.add(item + 1_000)));
    assert.deepEqual(
      work.done.map((line) => line.split(' ').length),
      [64, 64, 2],
    );
  });
});
