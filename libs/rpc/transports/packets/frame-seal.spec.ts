import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { BrokerSecret } from '../../broker-secret.js';
import { BrokerFrameSeal } from './frame-seal.js';

const SECRET = 'a-secret-of-enough-characters-for-a-product';
const FRAME = Buffer.from('a call with the token of a user');

type Stage = 'plain' | 'accept' | 'require';

function sealOf(secret: string | (() => string) = SECRET, stage: Stage = 'require') {
  const internal = new BrokerSecret(typeof secret === 'string' ? () => secret : secret);
  return { internal, seal: new BrokerFrameSeal(internal, { BROKER_MESSAGES: stage }) };
}

describe('A frame that goes through a broker', () => {
  afterEach(() => mock.restoreAll());

  it('is opened by another process of the product, and read by nobody else', () => {
    const sealed = sealOf().seal.seal('call', FRAME);
    assert.ok(!sealed.includes('token'));
    assert.deepEqual(sealOf().seal.open('call', sealed), { frame: FRAME, wasPlain: false });
  });

  it('is refused, counted and logged once when it is changed, reflected, forged or plain', () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    const { internal, seal } = sealOf();
    const sealed = sealOf().seal.seal('call', FRAME);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
      assert.equal(seal.open('call', changed), undefined, `byte ${at}`);
    }
    assert.equal(seal.open('call', sealed.subarray(0, 20)), undefined);
    assert.equal(seal.open('answer', sealed), undefined, 'a call is no answer');
    assert.equal(
      seal.open('call', sealOf('another-secret-of-enough-characters').seal.seal('call', FRAME)),
      undefined,
    );
    assert.equal(seal.open('call', FRAME), undefined);
    assert.equal(internal.refused.countOf('call', 'unsigned'), 2);
    assert.equal(internal.refused.countOf('answer', 'forged'), 1);
    assert.ok(internal.refused.countOf('call', 'forged') > FRAME.length);
    assert.equal(error.mock.callCount(), 3);
  });

  it('may be plain as long as the stage says so', () => {
    const plain = sealOf(SECRET, 'plain').seal;
    assert.equal(plain.seal('call', FRAME), FRAME);
    for (const stage of ['plain', 'accept'] as const) {
      const { seal } = sealOf(SECRET, stage);
      assert.deepEqual(seal.open('call', FRAME), { frame: FRAME, wasPlain: true });
      assert.ok(seal.open('call', sealOf().seal.seal('call', FRAME)), 'and need not be');
    }
    assert.notEqual(sealOf(SECRET, 'accept').seal.seal('call', FRAME), FRAME);
  });

  it('is opened by both generations of the secret', () => {
    const next = 'the-next-secret-of-enough-characters';
    let secret = `${SECRET}\n${next}`;
    const { seal } = sealOf(() => secret);
    assert.ok(seal.open('call', sealOf(next).seal.seal('call', FRAME)));
    assert.ok(sealOf(SECRET).seal.open('call', seal.seal('call', FRAME)), 'the first one is used');
    secret = `${next}\n${SECRET}`;
    assert.ok(sealOf(next).seal.open('call', seal.seal('call', FRAME)));
    assert.ok(seal.open('call', sealOf(SECRET).seal.seal('call', FRAME)));
  });
});
