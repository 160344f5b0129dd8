import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../main.js', import.meta.url));
const compiled = (path: string): string =>
  JSON.stringify(new URL(`../../testing/${path}`, import.meta.url).href);

/** The toy as a compiled product. Split, it refuses bodies that one process takes. */
const FILES = {
  'package.json': JSON.stringify({
    name: 'toy',
    type: 'module',
    imports: { '#contracts': { default: './dist/contracts/index.js' } },
  }),
  'config/topology.yaml': 'split:\n  gateway: [gateway]\n  rest: [alpha, beta]\n',
  'dist/contracts/index.js': `export { toy } from ${compiled('toy/toy.js')};`,
  'dist/apps/monolith/src/main.js': `
    if (process.env.TOPOLOGY === 'split') process.env.BODY_LIMIT_BYTES = '1024';
    await import(${compiled('toy/main.js')});`,
  'test/parity.json': JSON.stringify([
    { method: 'PUT', path: '/api/beta/slots/one', body: { capacity: 1 } },
    { name: 'a long note', method: 'POST', path: '/api/beta/notes', body: { text: 'x'.repeat(2_000) } },
  ]),
  'dist/test/faults.js': `
    import { toyFaults } from ${compiled('toy/toy-faults.js')};
    export default { ...toyFaults, check: async () => ['a planted problem'] };`,
  'one.json': JSON.stringify([{ path: '/api/beta/slots/one' }]),
  'wrong.json': JSON.stringify([{ path: 'api' }]),
  'nothing.js': 'export default {};',
};

describe('The commands that test a product', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-test-commands-'));
    for (const [path, content] of Object.entries(FILES)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  });

  after(() => rmSync(folder, { recursive: true }));

  async function run(words: readonly string[], cwd = folder) {
    const child = spawn(process.execPath, [COMMAND, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await ended, stdout, stderr };
  }

  it('parity names the request that two topologies answer differently, and each value, and fails', async () => {
    const { status, stderr } = await run(['parity']);
    assert.equal(status, 1);
    assert.match(stderr, /^monolith and split answer 1 of 2 requests differently:\n\na long note\n/);
    assert.match(stderr, /^ {2}status: 201 from monolith, 413 from split$/m);
    assert.match(stderr, /^ {2}body\.code: nothing from monolith, "payload_too_large" from split$/m);
  });

  it('faults prints a table and what is wrong, and fails', async () => {
    const words = ['faults', '--kinds', 'connections-cut', '--topologies', 'monolith', '--seed', '7'];
    const { status, stdout, stderr } = await run(words);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^seed 7; the same again: fissile faults --seed 7$/m);
    assert.match(
      stdout,
      /^ {2}fault +topology +rounds +begun +refused +problems\n {2}connections-cut +monolith +1 /m,
    );
    assert.match(stdout, /^ {2}connections-cut, monolith: a planted problem$/m);
  });

  it('refuse what they cannot do, and name it', async () => {
    const cases = [
      [['parity', '--topologies', 'split'], /^--topologies: split: expected two/],
      [['parity', '--requests', 'no.json'], /^no\.json does not exist: expected a file of requests/],
      [['parity', '--requests', 'wrong.json'], /requests\.0\.path: expected a path that begins with \//],
      [['parity', '--record', 'here'], /^--record: here is no address/],
      [['parity', '--record', 'http://127.0.0.1:1', '--requests', 'one.json'], /^one\.json exists/],
      [['faults', '--kinds', 'flood'], /^--kinds: flood: expected some of kill, restart/],
      [['faults', '--rounds', '0'], /^--rounds: 0: expected a whole number from 1/],
      [['faults', '--scenario', 'nothing.js'], /^nothing\.js has no scenario/],
      [['faults', '--scenario', 'no.js'], /^no\.js does not exist/],
    ] as const;
    for (const [words, expected] of cases) {
      const { status, stderr } = await run(words);
      assert.equal(status, 1, words.join(' '));
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
    assert.match((await run(['parity'], tmpdir())).stderr, /is no product: expected a package\.json/);
  });
});
