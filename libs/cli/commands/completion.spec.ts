import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../main.js', import.meta.url));

function fissile(...words: string[]) {
  return spawnSync(process.execPath, [COMMAND, ...words], { encoding: 'utf8' });
}

describe('fissile completion', () => {
  /** What bash proposes behind these words, the last of which is being typed. */
  function completed(...words: string[]): string[] {
    const given = ['fissile', ...words].map((word) => `'${word}'`).join(' ');
    const script = `${fissile('completion', 'bash').stdout}
COMP_WORDS=(${given}); COMP_CWORD=${words.length}; _fissile; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.split('\n').filter(Boolean);
  }

  it('proposes commands, subcommands and flags in bash', () => {
    assert.deepEqual(completed('topo'), ['topology']);
    assert.deepEqual(completed('new', 'con'), ['context']);
    assert.deepEqual(completed('new', 'context', 'parcels', '--a'), ['--access']);
    assert.ok(completed('generate', '').includes('--check'));
  });

  it('has the same words for zsh and fish', () => {
    for (const shell of ['zsh', 'fish']) {
      const { stdout, status } = fissile('completion', shell);
      assert.equal(status, 0);
      assert.match(stdout, /' new context'?\*'?/);
      assert.match(stdout, /--access --help/);
    }
  });

  it('names the shells that it knows', () => {
    const { status, stderr } = fissile('completion', 'tcsh');
    assert.equal(status, 2);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  });
});
