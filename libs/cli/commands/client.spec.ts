import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../main.js', import.meta.url));

const note = { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } } };
const kinds = { type: 'string', 'x-extensible-enum': ['plain', 'urgent'] };
const answer = { description: 'A note', content: { 'application/json': { schema: note } } };
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Notes', version: '1' },
  paths: { '/notes': { get: { responses: { 200: answer } } }, '/kinds': {} },
  components: { schemas: { Note: note, Kind: kinds } },
};

describe('The command fissile client', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-client-'));
    writeFileSync(join(folder, 'served.json'), JSON.stringify(DOCUMENT));
  });

  after(() => rmSync(folder, { recursive: true }));

  function run(...words: string[]) {
    return spawnSync(process.execPath, [COMMAND, 'client', ...words], { cwd: folder, encoding: 'utf8' });
  }

  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  it('says with --check that there is no client yet, and writes none', () => {
    const { status, stderr } = run('--from', 'served.json', '--check');
    assert.equal(status, 1);
    assert.match(stderr, /^Not up to date with the API: client\/openapi.json and client\/api.ts/);
  });

  it('writes the document, sorted, and its types', () => {
    const { status, stderr } = run('--from', 'served.json');
    assert.equal(status, 0, stderr);
    const { paths, components } = JSON.parse(read('client/openapi.json')) as typeof DOCUMENT;
    assert.deepEqual(Object.keys(paths), ['/kinds', '/notes']);
    assert.deepEqual(Object.keys(components.schemas), ['Kind', 'Note']);
    assert.match(read('client/api.ts'), /export interface paths {[^]*"\/notes": {/);
    assert.match(read('client/api.ts'), /Kind: "plain" \| "urgent";/);
  });

  it('is content with --check until the API changes, and then names what is stale', () => {
    assert.equal(run('--from', 'served.json', '--check').status, 0);
    const changed = { ...DOCUMENT, paths: { ...DOCUMENT.paths, '/others': {} } };
    writeFileSync(join(folder, 'changed.json'), JSON.stringify(changed));
    const before = read('client/api.ts');
    const { status, stderr } = run('--from', 'changed.json', '--check');
    assert.equal(status, 1);
    assert.match(stderr, /Not up to date .*client\/api.ts/);
    assert.equal(read('client/api.ts'), before);
  });

  it('rejects what is no document, and says what it expected', () => {
    writeFileSync(join(folder, 'none.json'), '{"swagger":"2.0"}');
    writeFileSync(join(folder, 'text.json'), 'openapi: 3.1.0');
    const cases = [
      [['--from', 'none.json'], /none.json is no OpenAPI document: expected JSON with "openapi"/],
      [['--from', 'text.json'], /text.json cannot be read as an OpenAPI document/],
      [['--from', 'absent.json'], /absent.json cannot be read .*ENOENT/],
      [['--from', 'http://127.0.0.1:1'], /127.0.0.1:1 cannot be read /],
      [[], /is no product: expected a package.json/],
    ] as const;
    for (const [words, expected] of cases) {
      const { status, stderr } = run(...words);
      assert.equal(status, 1);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });
});
