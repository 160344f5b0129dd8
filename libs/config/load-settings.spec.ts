import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { z } from 'zod';
import { loadSettings, settingsOf, SettingsError } from './load-settings.js';
import { address, flag, list, positiveNumber, wholeNumber } from './setting-types.js';
import { settings, SettingsGroup } from './settings.js';

@SettingsGroup()
class TestSettings extends settings(
  {
    TEST_PORT: { schema: wholeNumber(1, 10).default(3), description: 'For this test.' },
    TEST_RATE: { schema: positiveNumber().default(1), description: 'For this test.' },
    TEST_FLAG: { schema: flag().default(false), description: 'For this test.' },
    TEST_LIST: { schema: list().default([]), description: 'For this test.' },
    TEST_SECRET: {
      schema: z.string().min(8, 'expected at least 8 characters').optional(),
      description: 'For this test.',
      secret: true,
    },
  },
  ({ TEST_PORT, TEST_FLAG }) =>
    TEST_FLAG && TEST_PORT === 1 ? ['TEST_PORT: expected above 1 with TEST_FLAG'] : [],
) {}

describe('Settings', () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'fissile-settings-'));
    mkdirSync(join(cwd, 'config'));
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  const load = (environment: Record<string, string> = {}) =>
    settingsOf(TestSettings, loadSettings({ cwd, environment }));
  const faultsOf = (environment: Record<string, string>): readonly string[] => {
    try {
      load(environment);
      return [];
    } catch (error) {
      assert.ok(error instanceof SettingsError);
      return error.errors;
    }
  };

  it('have defaults, and come as typed values', () => {
    assert.equal(load().TEST_PORT, 3);
    const given = load({ TEST_PORT: '7', TEST_RATE: '0.5', TEST_FLAG: 'yes', TEST_LIST: 'a, b,,c' });
    assert.deepEqual(
      { ...given },
      { TEST_PORT: 7, TEST_RATE: 0.5, TEST_FLAG: true, TEST_LIST: ['a', 'b', 'c'], TEST_SECRET: undefined },
    );
  });

  it('are not read from the files about topologies and deployments', () => {
    for (const file of ['topology.yaml', 'deployment.yaml']) {
      writeFileSync(join(cwd, 'config', file), 'TEST_PORT: 9\nsomething: else\n');
    }
    assert.equal(load().TEST_PORT, 3);
  });

  it('a file gives way to .env, and that to the environment', () => {
    writeFileSync(join(cwd, 'config', 'a.yaml'), 'TEST_PORT: 4\nTEST_RATE: 2\nTEST_LIST: [x]\n');
    writeFileSync(join(cwd, '.env'), 'TEST_PORT=5\nTEST_FLAG=true\n');
    const { TEST_PORT, TEST_RATE, TEST_LIST, TEST_FLAG } = load({ TEST_PORT: '6' });
    assert.deepEqual([TEST_PORT, TEST_RATE, TEST_LIST, TEST_FLAG], [6, 2, ['x'], true]);
    assert.equal(load().TEST_PORT, 5);
  });

  it('can be read from a file that is named', () => {
    writeFileSync(join(cwd, 'secret'), 'from a file\n');
    assert.equal(load({ TEST_SECRET_FILE: join(cwd, 'secret') }).TEST_SECRET, 'from a file');
    assert.match(
      faultsOf({ TEST_SECRET_FILE: join(cwd, 'nothing') }).join(),
      /TEST_SECRET_FILE: the file .* cannot be read/,
    );
  });

  it('all errors are named at once, with what was expected and without the value', () => {
    writeFileSync(join(cwd, 'config', 'a.yaml'), 'TEST_PROT: 4\n');
    const errors = faultsOf({
      TEST_PORT: '11',
      TEST_RATE: '-1',
      TEST_FLAG: 'perhaps',
      TEST_SECRET: 'hunter2',
    });
    assert.deepEqual([...errors].sort(), [
      'TEST_FLAG (environment): expected true or false',
      'TEST_PORT (environment): expected a whole number from 1 to 10',
      'TEST_PROT (config/a.yaml): there is no such setting',
      'TEST_RATE (environment): expected a number above 0',
      'TEST_SECRET (environment): expected at least 8 characters',
    ]);
  });

  it('refuse an address whose password no driver could read', () => {
    const schema = address('postgres');
    assert.equal(schema.safeParse('postgres://me:50%25@db/x').success, true);
    const refused = schema.safeParse('postgres://me:50%@db/x');
    assert.deepEqual(
      refused.error?.issues.map(({ message }) => message),
      ['expected a % in its user or password to be written as %25'],
    );
  });

  it('can depend on each other', () => {
    assert.deepEqual(faultsOf({ TEST_PORT: '1', TEST_FLAG: 'on' }), [
      'TEST_PORT: expected above 1 with TEST_FLAG',
    ]);
  });
});
