import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { z } from 'zod';
import { type ChangeOutcome, LiveSettings } from './live-settings.js';
import { settingsOf } from './load-settings.js';
import { wholeNumber } from './setting-types.js';
import { settings, SettingsGroup } from './settings.js';
import { errorOf, SettingsSources } from './settings-sources.js';
import { ConsulAgent } from '@fissile/kit/testing';

const description = 'For this test.';

@SettingsGroup()
class TestSettings extends settings(
  {
    TEST_LOW: { schema: wholeNumber(0, 100).default(1), description, live: true },
    TEST_HIGH: { schema: wholeNumber(0, 100).default(10), description, live: true },
    TEST_FIXED: { schema: wholeNumber(0, 100).default(5), description, fromConsul: true },
    TEST_ADDRESS: { schema: z.string().optional(), description },
    TEST_PASSWORD: { schema: z.string().optional(), description, secret: true },
    TEST_TOKEN: { schema: z.string().min(4).optional(), description, secret: true, renewable: true },
    AUTH_TEST: { schema: z.string().optional(), description },
  },
  ({ TEST_LOW, TEST_HIGH }) => (TEST_LOW <= TEST_HIGH ? [] : ['TEST_LOW: expected at most TEST_HIGH']),
) {}

const PREFIX = 'test/config';

describe('Settings in Consul', () => {
  let agent: ConsulAgent;
  let cwd: string;

  before(async () => {
    agent = await ConsulAgent.start();
    cwd = mkdtempSync(join(tmpdir(), 'fissile-settings-'));
  });
  after(async () => {
    await agent.stop();
    rmSync(cwd, { recursive: true });
  });
  beforeEach(() => agent.forgetEverything());

  const reader = { process: 'core', hosts: ['alpha', 'beta'], knowsAll: true };
  const read = async (environment: Record<string, string> = {}, view = reader) => {
    const sources = await SettingsSources.read({
      cwd,
      environment: { CONSUL_URL: agent.url, CONSUL_KV_PREFIX: PREFIX, ...environment },
    });
    return { ...sources.readFor(view), consulFailure: sources.consulFailure };
  };
  const startWith = async (environment: Record<string, string> = {}) => {
    const { loaded, errors, refusals } = await read(environment);
    assert.deepEqual([errors, refusals], [[], []]);
    const outcomes: ChangeOutcome[] = [];
    const live = new LiveSettings(loaded, (outcome) => outcomes.push(outcome));
    const apply = (values: Record<string, string>) => live.apply(new Map(Object.entries(values)));
    return { live, outcomes, apply, now: settingsOf(TestSettings, loaded) };
  };

  describe('at start', () => {
    it('win over the environment; those of a context over those for all, and those of the process over both', async () => {
      const values = async () => {
        const { loaded } = await read({ TEST_LOW: '2' });
        const { TEST_LOW } = settingsOf(TestSettings, loaded);
        return [TEST_LOW, loaded.values.get('TEST_LOW')?.source];
      };
      assert.deepEqual(await values(), [2, 'environment']);
      agent.put(`${PREFIX}/TEST_LOW`, '3\n');
      assert.deepEqual(await values(), [3, 'consul test/config/TEST_LOW']);
      agent.put(`${PREFIX}/alpha/TEST_LOW`, '4');
      agent.put(`${PREFIX}/gamma/TEST_LOW`, '9');
      assert.deepEqual(await values(), [4, 'consul test/config/alpha/TEST_LOW']);
      agent.put(`${PREFIX}/core/TEST_LOW`, '5');
      assert.deepEqual(await values(), [5, 'consul test/config/core/TEST_LOW']);
    });

    it('that are wrong, secret, about Consul itself or about who is let in are errors, each with its key and without its value', async () => {
      agent.put(`${PREFIX}/TEST_LOW`, 'nonsense');
      agent.put(`${PREFIX}/TEST_PASSWORD`, 'hunter2');
      agent.put(`${PREFIX}/CONSUL_KV_PREFIX`, 'other');
      agent.put(`${PREFIX}/AUTH_TEST`, 'https://evil.example');
      agent.put(`${PREFIX}/TEST_ADDRESS`, 'http://x.example/');
      agent.put(`${PREFIX}/alpha/TEST_LWO`, '1');
      agent.put(`${PREFIX}/alpha/TEST_HIGH`, '20');
      agent.put(`${PREFIX}/beta/TEST_HIGH`, '30');
      const { loaded, errors, refusals } = await read({ TEST_LOW: '2' });
      assert.deepEqual(refusals.map(errorOf).sort(), [
        'AUTH_TEST (consul test/config/AUTH_TEST): who is let in is not decided where others can write',
        'CONSUL_KV_PREFIX (consul test/config/CONSUL_KV_PREFIX): how Consul is reached cannot be read from it',
        'TEST_ADDRESS (consul test/config/TEST_ADDRESS): it is not one of the settings that Consul may change',
        'TEST_HIGH (consul test/config/beta/TEST_HIGH): consul test/config/alpha/TEST_HIGH says something else, ' +
          'for a context of the same process',
        'TEST_LOW (consul test/config/TEST_LOW): expected a whole number from 0 to 100',
        'TEST_LWO (consul test/config/alpha/TEST_LWO): there is no such setting',
        'TEST_PASSWORD (consul test/config/TEST_PASSWORD): secrets are not read from Consul, where others can see them',
      ]);
      assert.deepEqual([settingsOf(TestSettings, loaded).TEST_LOW, errors], [2, []]);
    });

    it('are reported when their keys name no process and no context', async () => {
      agent.put(`${PREFIX}/aplha/TEST_LOW`, '1');
      agent.put(`${PREFIX}/alpha/TEST_LOW`, '1');
      const sources = await SettingsSources.read({
        cwd,
        environment: { CONSUL_URL: agent.url, CONSUL_KV_PREFIX: PREFIX },
      });
      assert.deepEqual(sources.strayRefusals(['core', 'alpha']).map(errorOf), [
        'TEST_LOW (consul test/config/aplha/TEST_LOW): there is no process or context aplha',
      ]);
    });

    it('may be those of contexts that a program does not have', async () => {
      agent.put(`${PREFIX}/SETTING_OF_ANOTHER`, '1');
      assert.deepEqual((await read({}, { ...reader, knowsAll: false })).refusals, []);
      assert.equal((await read()).refusals.length, 1);
    });

    it('are skipped when Consul does not respond, and no request is sent without CONSUL_URL', async () => {
      agent.fail(true);
      const { loaded, errors, consulFailure } = await read({ TEST_LOW: '2' });
      agent.fail(false);
      assert.deepEqual([settingsOf(TestSettings, loaded).TEST_LOW, errors], [2, []]);
      assert.equal(consulFailure, 'answered with 500: No cluster leader');
      const requests = agent.requests.length;
      assert.equal((await read({ CONSUL_URL: '' })).loaded.origin, undefined);
      assert.equal(agent.requests.length, requests);
    });
  });

  describe('while the process runs', () => {
    it('reach the shared object of the group, and the listeners', async () => {
      const { live, outcomes, apply, now } = await startWith();
      const changes: string[][] = [];
      const end = live.onChange(['TEST_LOW', 'TEST_FIXED'], (changed) => changes.push([...changed]));
      apply({ TEST_LOW: '7', TEST_HIGH: '70' });
      assert.deepEqual([now.TEST_LOW, now.TEST_HIGH], [7, 70]);
      apply({ TEST_LOW: '7', TEST_HIGH: '71' });
      end();
      apply({ TEST_LOW: '8', TEST_HIGH: '71' });
      assert.deepEqual(changes, [['TEST_LOW', 'TEST_HIGH']]);
      assert.deepEqual(outcomes, ['applied', 'applied', 'applied', 'applied']);
      assert.equal(live.values.get('TEST_LOW')?.source, 'consul test/config/TEST_LOW');
    });

    it('that are deleted fall back to files and the environment', async () => {
      const { live, apply, now } = await startWith({ TEST_LOW: '2' });
      apply({ TEST_LOW: '7', 'alpha/TEST_LOW': '8' });
      assert.equal(now.TEST_LOW, 8);
      apply({ TEST_LOW: '7' });
      assert.equal(now.TEST_LOW, 7);
      apply({});
      assert.deepEqual([now.TEST_LOW, live.values.get('TEST_LOW')?.source], [2, 'environment']);
    });

    it('that are wrong are refused, counted once and shown, and the last good value stays', async () => {
      const { live, outcomes, apply, now } = await startWith();
      apply({ TEST_LOW: '7' });
      apply({ TEST_LOW: 'nonsense', TEST_HIGH: '20' });
      apply({ TEST_LOW: 'nonsense', TEST_HIGH: '21' });
      assert.deepEqual([now.TEST_LOW, now.TEST_HIGH], [7, 21]);
      const refusal = {
        name: 'TEST_LOW',
        source: 'consul test/config/TEST_LOW',
        reason: 'expected a whole number from 0 to 100',
      };
      assert.deepEqual(live.refusals, [refusal]);
      apply({ TEST_LOW: 'other nonsense', TEST_HIGH: '21' });
      assert.deepEqual(outcomes, ['applied', 'applied', 'refused', 'applied', 'refused']);
      apply({ TEST_LOW: '9', TEST_HIGH: '21' });
      assert.deepEqual([now.TEST_LOW, live.refusals], [9, []]);
    });

    it('that do not go together are refused together', async () => {
      const { live, apply, now } = await startWith();
      apply({ TEST_LOW: '50' });
      assert.deepEqual([now.TEST_LOW, now.TEST_HIGH], [1, 10]);
      assert.equal(live.refusals[0]?.reason, 'TEST_LOW: expected at most TEST_HIGH');
      apply({ TEST_LOW: '50', TEST_HIGH: '60' });
      assert.deepEqual([now.TEST_LOW, now.TEST_HIGH, live.refusals], [50, 60, []]);
    });

    it('cannot be secrets', async () => {
      const { live, apply, now } = await startWith();
      apply({ TEST_PASSWORD: 'hunter2' });
      assert.equal(now.TEST_PASSWORD, undefined);
      assert.deepEqual(
        live.refusals.map(({ name }) => name),
        ['TEST_PASSWORD'],
      );
      assert.doesNotMatch(JSON.stringify(live.refusals), /hunter2/);
    });

    it('that are not live wait for the next start', async () => {
      const { live, outcomes, apply, now } = await startWith();
      apply({ TEST_FIXED: '6' });
      apply({ TEST_FIXED: '6', TEST_LOW: '2' });
      assert.equal(now.TEST_FIXED, 5);
      assert.deepEqual(live.waiting, [{ name: 'TEST_FIXED', source: 'consul test/config/TEST_FIXED' }]);
      assert.deepEqual(outcomes, ['needs_restart', 'applied']);
      apply({ TEST_FIXED: '5' });
      assert.deepEqual(live.waiting, []);
    });

    it('a listener that fails does not keep the others from being notified', async () => {
      const { live, apply } = await startWith();
      let heard = false;
      live.onChange(['TEST_LOW'], () => {
        throw new Error('as the test wants it');
      });
      live.onChange(['TEST_LOW'], () => {
        heard = true;
      });
      apply({ TEST_LOW: '2' });
      assert.equal(heard, true);
    });
  });
});

describe('Settings in files', () => {
  it('follow their files, as far as they can, and never show a secret', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'fissile-files-'));
    const path = (name: string): string => join(cwd, name);
    const write = (name: string, text: string): void => writeFileSync(path(name), text);
    const lines: string[] = [];
    for (const level of ['log', 'warn'] as const)
      mock.method(Logger.prototype, level, (line: unknown) => void lines.push(String(line)));
    write('token', 'first-token\n');
    write('fixed', '6');
    const environment = { TEST_TOKEN_FILE: path('token'), TEST_FIXED_FILE: path('fixed'), TEST_LOW: '3' };
    const { loaded } = SettingsSources.readLocal({ cwd, environment }).readFor({
      process: 'core',
      hosts: [],
      knowsAll: true,
    });
    const live = new LiveSettings(loaded);
    const now = settingsOf(TestSettings, loaded);
    const changed: string[] = [];
    live.onChange(['TEST_TOKEN'], (names) => changed.push(...names));

    write('token', 'second-token\n');
    write('fixed', '7');
    live.renewFiles();
    assert.deepEqual([now.TEST_TOKEN, now.TEST_FIXED, now.TEST_LOW], ['second-token', 6, 3]);
    assert.deepEqual(changed, ['TEST_TOKEN']);
    write('token', '');
    live.renewFiles();
    rmSync(path('token'));
    live.renewFiles();
    assert.equal(now.TEST_TOKEN, 'second-token', 'a file that is being written, or is gone, changes nothing');
    assert.match(lines.join('\n'), /TEST_TOKEN has changed/);
    assert.match(lines.join('\n'), /TEST_FIXED .* takes effect at the next start/);
    assert.doesNotMatch(lines.join('\n'), /second-token/);
    mock.restoreAll();
    rmSync(cwd, { recursive: true });
  });
});
