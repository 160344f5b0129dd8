import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FramePacker, framesOf, FULL_PACK } from './frame-packer.js';

describe('A pack of frames', () => {
  const packsOf = async (...frames: Buffer[]): Promise<Buffer[]> => {
    const packs: Buffer[] = [];
    const packer = new FramePacker((pack) => packs.push(pack));
    for (const frame of frames) packer.add(frame);
    await setImmediate();
    return packs;
  };
  const some = ['one', '', 'three'].map((text) => Buffer.from(text));

  it('holds those of one turn, and gives them back as they were', async () => {
    const [pack, ...others] = await packsOf(...some);
    assert.deepEqual([...framesOf(pack as Buffer)], some);
    assert.deepEqual(others, []);
  });

  it('accepts no frame after it is full', async () => {
    const large = Buffer.alloc(FULL_PACK);
    const packs = await packsOf(large, Buffer.from('next'));
    assert.deepEqual(
      packs.map((pack) => [...framesOf(pack)].length),
      [1, 1],
    );
  });

  it('gives nothing of a frame that is cut off', async () => {
    const [pack] = await packsOf(...some);
    assert.deepEqual([...framesOf((pack as Buffer).subarray(0, -1))], some.slice(0, 2));
    assert.deepEqual([...framesOf(Buffer.from([0, 0]))], []);
  });
});
