import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { TokenIssuer } from '@fissile/kit/contract';
import { RevocationWatch } from './revocation-watch.js';
import { Revocations } from './revocations.js';

const NOW = Date.UTC(2030, 0, 1);

describe('The revocation watch', () => {
  let made: { subjectId: string; revokedAt: Date }[];
  let revocations: Revocations;
  let watch: RevocationWatch;
  let looked: () => void;
  let clockIsAheadBy: number;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: NOW });
    made = [];
    clockIsAheadBy = 0;
    looked = () => undefined;
    revocations = new Revocations({ ACCESS_TOKEN_MINUTES: 15 });
    const listRevocations: TokenIssuer['listRevocations'] = async ({ since }) => {
      setImmediate(looked);
      const asOf = new Date(Date.now() + clockIsAheadBy);
      return { revocations: made.filter(({ revokedAt }) => !since || revokedAt >= since), asOf };
    };
    watch = new RevocationWatch({ listRevocations } as TokenIssuer, revocations);
  });
  afterEach(async () => {
    await watch.onModuleDestroy();
    mock.timers.reset();
  });

  const nextLook = () => new Promise<void>((resolve) => (looked = resolve));
  async function pollAgain(): Promise<void> {
    const done = nextLook();
    mock.timers.tick(2_000);
    await done;
  }
  async function start(): Promise<void> {
    const done = nextLook();
    watch.onApplicationBootstrap();
    await done;
  }
  const revoke = (subjectId: string, agoMs = 0) =>
    made.push({ subjectId, revokedAt: new Date(Date.now() + clockIsAheadBy - agoMs) });
  const isRevoked = (subjectId: string) => revocations.covers(subjectId, NOW - 10 * 60_000);

  it('learns of each revocation, whatever the clock says that they are made by', async () => {
    for (const aheadBy of [0, 120_000, -120_000]) {
      clockIsAheadBy = aheadBy;
      await (aheadBy === 0 ? start() : pollAgain());
      for (const each of ['first', 'second', 'third']) {
        revoke(`${each} ${aheadBy}`);
        await pollAgain();
        assert.ok(isRevoked(`${each} ${aheadBy}`));
      }
    }
  });

  it('learns of one that was committed after a later one', async () => {
    await start();
    revoke('later');
    await pollAgain();
    revoke('earlier', 5_000);
    await pollAgain();
    assert.ok(isRevoked('earlier'));
  });
});
