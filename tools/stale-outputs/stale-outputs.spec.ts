import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { removeStaleOutputs } from './stale-outputs.js';

describe('Stale outputs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-stale-'));
  const outputs = join(folder, 'dist');

  after(() => rmSync(folder, { recursive: true }));

  function write(...paths: readonly string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), '');
    }
  }

  it('are removed where the source is gone, and nothing else', () => {
    write('alpha/kept.ts', 'dist/alpha/kept.js', 'dist/alpha/kept.d.ts', 'dist/alpha/kept.js.map');
    write('dist/alpha/moved.js', 'dist/alpha/moved.d.ts.map', 'dist/gone/index.d.ts');
    write('dist/pages/assets/main.js', 'dist/.tsbuildinfo');
    const removed = removeStaleOutputs({ sources: folder, outputs, others: ['pages'] });
    assert.deepEqual(removed.sort(), ['alpha/moved.d.ts.map', 'alpha/moved.js', 'gone/index.d.ts']);
    assert.deepEqual(readdirSync(join(outputs, 'alpha')).sort(), ['kept.d.ts', 'kept.js', 'kept.js.map']);
    assert.deepEqual(readdirSync(join(outputs, 'pages/assets')), ['main.js']);
    assert.deepEqual(readdirSync(join(outputs, 'gone')), []);
  });

  it('are none before the first build', () => {
    assert.deepEqual(
      removeStaleOutputs({ sources: folder, outputs: join(folder, 'absent'), others: [] }),
      [],
    );
  });
});
