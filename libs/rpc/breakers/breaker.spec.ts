import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { Counter, Gauge, Registry } from 'prom-client';
import { ContextError, type ErrorCode } from '@fissile/kit/contract';
import { Breaker } from './breaker.js';
import { BreakerMetrics } from './breaker-metrics.js';
import type { BreakerSettings } from './breaker.settings.js';

const DEFAULTS = {
  BREAKER_ENABLED: true,
  BREAKER_MAX_CONCURRENT: 3,
  BREAKER_ERROR_PERCENT: 25,
  BREAKER_MIN_VOLUME: 4,
  BREAKER_RESET_MS: 2_000,
};

describe('A breaker', () => {
  let breaker: Breaker;
  let registry: Registry;
  let settings: typeof DEFAULTS;

  before(() => Logger.overrideLogger(false));

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
    registry = new Registry();
    settings = { ...DEFAULTS };
    const describe = (name: string) => ({ name, help: name, registers: [registry] });
    const metrics = new BreakerMetrics(
      new Gauge({ ...describe('state'), labelNames: ['target'] }),
      new Counter({ ...describe('calls'), labelNames: ['target', 'outcome'] }),
      new Counter({ ...describe('rejected'), labelNames: ['target'] }),
    );
    breaker = new Breaker('alpha', 'alpha', settings as BreakerSettings, metrics);
  });

  afterEach(() => {
    breaker.close();
    mock.timers.reset();
  });

  const answer = () => breaker.run(async () => 'an answer');
  const fail = (code: ErrorCode, isCallerFault = false) =>
    breaker
      .run(
        () => Promise.reject(ContextError.of(code)),
        () => isCallerFault,
      )
      .catch((error: ContextError) => error);
  const times = async (count: number, work: () => Promise<unknown>) => {
    for (let done = 0; done < count; done += 1) await work();
  };
  const figure = async (name: string, labels: object = {}) => {
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    const wanted = JSON.stringify({ target: 'alpha', ...labels });
    return values.find((value) => JSON.stringify(value.labels) === wanted)?.value ?? 0;
  };

  for (const code of ['unavailable', 'bad_gateway', 'deadline_exceeded'] as const) {
    it(`opens when too many calls end as ${code}, and then refuses at once`, async () => {
      await times(4, () => fail(code));
      assert.equal(breaker.state, 'open');
      let ran = false;
      const refused = breaker.run(async () => (ran = true));
      await assert.rejects(refused, { code: 'unavailable', status: 503, details: { retryAfter: 2 } });
      assert.equal(ran, false);
      assert.equal(await figure('state'), 2);
      assert.equal(await figure('calls', { outcome: 'failed' }), 4);
      assert.equal(await figure('calls', { outcome: 'rejected' }), 1);
    });
  }

  it('counts expected refusals and errors of the remote side as responses', async () => {
    for (const code of ['saga_ended', 'saga_not_found', 'idempotency_key_reused', 'internal_error'] as const)
      await times(10, () => fail(code));
    assert.equal(breaker.state, 'closed');
    assert.equal(await figure('calls', { outcome: 'ok' }), 40);
  });

  it('does not count cancelled and expired calls against the target', async () => {
    await times(10, () => fail('cancelled'));
    await times(10, () => fail('deadline_exceeded', true));
    assert.equal(breaker.state, 'closed');
    assert.equal(await figure('calls', { outcome: 'cut_short' }), 20);
  });

  it('stays closed below the volume, and up to the percentage', async () => {
    await times(3, () => fail('unavailable'));
    assert.equal(breaker.state, 'closed');
    await times(12, answer);
    await fail('unavailable');
    assert.equal(breaker.state, 'closed', '4 of 16 are a quarter');
    await fail('unavailable');
    assert.equal(breaker.state, 'open', '5 of 17 are more');
  });

  it('ignores what is older than ten seconds', async () => {
    await times(3, () => fail('unavailable'));
    mock.timers.tick(11_000);
    await fail('unavailable');
    assert.equal(breaker.state, 'closed');
  });

  it('lets one call through after a while, and closes when that is answered', async () => {
    await times(4, () => fail('unavailable'));
    mock.timers.tick(2_000);
    assert.equal(breaker.state, 'half-open');
    assert.equal(await figure('state'), 1);
    let arrive: (value: string) => void = () => undefined;
    const probe = breaker.run(() => new Promise<string>((resolve) => (arrive = resolve)));
    await assert.rejects(answer(), { code: 'unavailable' }, 'no second one beside the probe');
    arrive('back');
    assert.equal(await probe, 'back');
    assert.equal(breaker.state, 'closed');
    assert.equal(await answer(), 'an answer');
    assert.equal(await figure('state'), 0);
  });

  it('opens again when the probe fails, or its caller cancels, and closes for a refusal', async () => {
    await times(4, () => fail('unavailable'));
    for (const code of ['unavailable', 'cancelled'] as const) {
      mock.timers.tick(2_000);
      await fail(code);
      assert.equal(breaker.state, 'open');
    }
    mock.timers.tick(2_000);
    await fail('saga_ended');
    assert.equal(breaker.state, 'closed');
  });

  it('rejects calls over the limit in flight at once, and does not count them against the target', async () => {
    const ends: (() => void)[] = [];
    const slow = () => breaker.run(() => new Promise<void>((resolve) => ends.push(resolve)));
    const running = [slow(), slow(), slow()];
    assert.equal(breaker.status.inFlight, 3);
    await assert.rejects(slow(), { code: 'unavailable', details: { retryAfter: 1 } });
    assert.equal(await figure('rejected'), 1);
    settings.BREAKER_MAX_CONCURRENT = 4;
    running.push(slow());
    ends.forEach((end) => end());
    await Promise.all(running);
    assert.equal(breaker.status.inFlight, 0);
    assert.equal(breaker.state, 'closed');
  });

  it('follows its settings while the process runs', async () => {
    await times(4, () => fail('unavailable'));
    assert.equal(breaker.state, 'open');
    settings.BREAKER_MIN_VOLUME = 6;
    assert.equal(await answer(), 'an answer', 'changed rules start a new window');
    await times(4, () => fail('unavailable'));
    assert.equal(breaker.state, 'closed');
    await fail('unavailable');
    assert.equal(breaker.state, 'open');
    settings.BREAKER_ENABLED = false;
    assert.equal(await answer(), 'an answer');
    assert.equal(breaker.state, 'closed');
  });
});
