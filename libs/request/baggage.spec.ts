import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptBaggage, currentBaggage, withBaggage } from './baggage.js';
import { currentCall, runDetached, runInCall } from './call-context.js';

const call = (baggage?: string) => ({ requestId: 'r', traceId: 't', baggage });

describe('Baggage', () => {
  it('is taken as it is written, with its properties', () => {
    assert.equal(acceptBaggage('tenant=a%20b , tier=gold;ttl=30'), 'tenant=a%20b,tier=gold;ttl=30');
  });

  it('is nothing where there is none', () => {
    for (const header of [undefined, '', ' , ']) assert.equal(acceptBaggage(header), undefined);
  });

  it('loses members that are no members', () => {
    assert.equal(acceptBaggage('a=1,b,=2,c d=3,e="4",f=ü,g=7\n,h=8'), 'a=1,g=7,h=8');
  });

  it('loses what is beyond 64 members or 8192 bytes', () => {
    const members = Array.from({ length: 70 }, (_, index) => `k${index}=1`);
    assert.equal(acceptBaggage(members.join(','))?.split(',').length, 64);
    const long = `a=${'x'.repeat(8_000)}`;
    assert.equal(acceptBaggage(`${long},b=${'y'.repeat(200)}`), long);
    assert.equal(acceptBaggage(`a=${'x'.repeat(9_000)}`), undefined);
  });

  it('is read by keys, as it was given', () => {
    runInCall(call('tenant=a%20b,broken=%'), () => {
      assert.deepEqual(currentBaggage(), { tenant: 'a b', broken: '%' });
    });
    assert.deepEqual(currentBaggage(), {});
  });

  it('gets entries for a piece of work, which replace those of the same key', () => {
    runInCall(call('tenant=one,tier=gold'), () => {
      withBaggage({ tenant: 'two, three', campaign: 'ü' }, () => {
        assert.deepEqual(currentBaggage(), { tenant: 'two, three', campaign: 'ü', tier: 'gold' });
        assert.equal(currentCall()?.requestId, 'r');
      });
      assert.deepEqual(currentBaggage(), { tenant: 'one', tier: 'gold' });
    });
    assert.throws(() => withBaggage({ tenant: 'x' }, () => undefined), /expected to run in a call/);
  });

  it('goes on with work that outlives its call', () => {
    runInCall(call('tenant=one'), () => {
      runDetached(() => assert.deepEqual(currentBaggage(), { tenant: 'one' }));
    });
  });
});
