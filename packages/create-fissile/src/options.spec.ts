import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { OptionsError, readFlags, toOptions } from './options.js';

describe('The flags of create-fissile', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'create-fissile-'));
    writeFileSync(join(folder, 'kit.tgz'), '');
  });
  after(() => rmSync(folder, { recursive: true }));

  function parse(...words: string[]) {
    const { flags, problems } = readFlags(words);
    return toOptions(flags, problems);
  }

  function problemsOf(...words: string[]): readonly string[] {
    try {
      parse(...words);
      return [];
    } catch (error) {
      assert.ok(error instanceof OptionsError, String(error));
      return error.problems;
    }
  }

  it('have defaults, and take the name from the folder', () => {
    assert.deepEqual(parse('somewhere/clinic'), {
      folder: resolve('somewhere/clinic'),
      name: 'clinic',
      contexts: [{ plural: 'notes' }],
      auth: 'users',
      k8s: true,
      example: true,
      install: true,
    });
  });

  it('say all that can be chosen', () => {
    const kit = join(folder, 'kit.tgz');
    const words =
      'clinic --name @acme/clinic --contexts appointments,billing:invoice --auth oidc --transport nats --bus kafka';
    const options = parse(...words.split(' '), '--no-k8s', '--no-example', '--no-install', '--kit', kit);
    assert.deepEqual(options, {
      folder: resolve('clinic'),
      name: '@acme/clinic',
      contexts: [{ plural: 'appointments' }, { plural: 'billing', singular: 'invoice' }],
      auth: 'oidc',
      transport: 'nats',
      bus: 'kafka',
      k8s: false,
      example: false,
      install: false,
      kit,
    });
    assert.equal(parse('clinic', '--kit', '^1.2.3').kit, '^1.2.3');
    assert.equal(parse('clinic', '--name=other').name, 'other');
  });

  it('are refused with everything that is wrong, in one message', () => {
    const words =
      'clinic other --name Our_Clinic --contexts 2nd,users --auth ldap --transport soap --bus mail --kit a.tgz --fast --bus';
    const problems = problemsOf(...words.split(' '), '--no-k8s=please');
    const named = ['other', '--fast', '--bus', '--no-k8s', '--name', '2nd', 'users', 'ldap', 'soap', 'a.tgz'];
    for (const name of named) {
      assert.ok(
        problems.some((problem) => problem.includes(name)),
        `${name} in:\n${problems.join('\n')}`,
      );
    }
  });

  it('need a folder that is new or empty', () => {
    assert.match(problemsOf().join(), /<folder>: expected the folder to make/);
    assert.match(problemsOf(folder).join(), /expected a new or an empty folder/);
    assert.match(problemsOf(join(folder, 'kit.tgz'), '--name', 'a').join(), /it is a file/);
    rmSync(join(folder, 'kit.tgz'));
    assert.deepEqual(problemsOf(folder, '--name', 'a'), []);
  });
});
