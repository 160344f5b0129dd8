import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { TOY_MAIN } from '@fissile/kit/testing/toy';
import { readProgramCommand } from './program-command.js';

describe("The command line of a product's program", () => {
  it('is a start, or a command with its words and flags', () => {
    assert.deepEqual(readProgramCommand([]), { words: [], flags: [] });
    assert.deepEqual(readProgramCommand(['migrate']), { name: 'migrate', words: [], flags: [] });
    assert.deepEqual(readProgramCommand(['config', 'alpha', '--json']), {
      name: 'config',
      words: ['alpha'],
      flags: ['--json'],
    });
  });

  it('asks for the usage by any of the usual words, wherever they stand', () => {
    for (const line of [['--help'], ['-h'], ['help'], ['migrate', '--help'], ['config', '-h']]) {
      const answer = readProgramCommand(line);
      assert.ok('text' in answer && answer.exitCode === 0, line.join(' '));
      assert.match(answer.text, /^Usage: [^]*^ {2}config [^]*^ {2}migrate /m);
    }
  });

  it('is refused with the argument that is unknown, and what was expected', () => {
    const cases = [
      [['fly'], 'unknown argument fly: expected config, doctor, migrate, openapi, --help'],
      [['--version'], 'unknown argument --version: expected config, doctor, migrate, openapi, --help'],
      [['migrate', 'alpha'], 'unknown argument alpha: expected migrate, --help'],
      [['config', '--yaml'], 'unknown argument --yaml: expected config, --json, --schema, --help'],
      [['config', 'alpha', 'beta'], 'unknown argument beta: expected config, --json, --schema, --help'],
    ] as const;
    for (const [line, text] of cases) {
      assert.deepEqual(readProgramCommand(line), { text, exitCode: 2 });
    }
  });
});

describe("A product's program", () => {
  /** With settings that no start would get along with. */
  function run(...words: string[]) {
    const env = { PATH: process.env['PATH'], PORT: 'none' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [TOY_MAIN, ...words], {
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  it('shows its usage, and starts nothing', () => {
    const { status, stdout, stderr } = run('--help');
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Usage: node main.js \[command\]\n/);
  });

  it('names an argument that it does not know in one line, and starts nothing', () => {
    const stderr = 'unknown argument fly: expected config, doctor, migrate, openapi, --help\n';
    assert.deepEqual(run('fly'), { status: 2, stdout: '', stderr });
  });
});
