import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { hasCode } from '@fissile/kit/contract';
import { until } from '@fissile/kit/testing';
import { AdviceRuns } from './advice-runs.js';

const NOBODY = { url: 'http://127.0.0.1:1', token: 'a-token', seconds: 1, costSeconds: 1 };

describe('A run of fissile advise for the console', () => {
  const runs = new AdviceRuns();
  const { NODE_ENV } = process.env;
  afterEach(() => {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  });

  const isOver = () => until('it is over', () => typeof runs.view().run?.endedAt === 'string');

  it('says what the command says when it comes to no advice', async () => {
    assert.deepEqual(runs.view(), { obstacle: null, run: null, report: null });
    runs.start(NOBODY);
    await isOver();
    const { run, report } = runs.view();
    assert.match(run?.error ?? '', /^http:\/\/127\.0\.0\.1:1 does not answer: /);
    assert.equal(report, null);
  });

  it('is the only one, and can be cancelled', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    runs.start({ ...NOBODY, url: `http://127.0.0.1:${port}` });
    await once(silent, 'connection');
    assert.throws(
      () => runs.start(NOBODY),
      (error) => hasCode(error, 'advice_refused'),
    );
    // It would wait for an answer for a minute.
    await runs.cancel();
    silent.close();
    const { run } = runs.view();
    assert.equal(run?.error, 'It was cancelled');
    assert.equal(typeof run.endedAt, 'string');
    await runs.cancel();
  });

  it('is not begun in production', () => {
    process.env['NODE_ENV'] = 'production';
    assert.match(runs.view().obstacle ?? '', /^In production /);
    assert.throws(
      () => runs.start(NOBODY),
      (error) => hasCode(error, 'advice_refused'),
    );
  });
});
