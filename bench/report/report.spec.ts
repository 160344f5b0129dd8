import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replaceBlock } from './block.js';
import { toMarkdown, toTable } from './markdown.js';
import { readOptions } from './options.js';
import { drawPlot } from './plot.js';
import type { ReportTable } from './report.js';

const TABLE: ReportTable = {
  title: 'Concurrency 16',
  note: 'Of one machine.',
  columns: [
    { heading: 'throughput', unit: 'orders/s' },
    { heading: 'ratio', unit: '×' },
  ],
  rows: [
    { label: 'a | b', cells: [{ min: 1_000.4, median: 1_200.2, max: 1_300 }, 1] },
    { label: 'other', cells: ['not installed', ''] },
  ],
  plots: [0],
};
const REPORT = { slug: 'orders', title: 'Orders', intro: 'What one costs.', command: 'npm run bench' };

describe('A report', () => {
  it('holds the intro, the command, the facts, the tables and the plots', () => {
    assert.equal(
      toMarkdown({ ...REPORT, tables: [TABLE] }, ['one CPU', 'no load']),
      [
        '# Orders',
        'What one costs.',
        'Made by `npm run bench`. Figures over several rounds read median (minimum–maximum); compare them within one run alone.',
        '- one CPU\n- no load',
        '## Concurrency 16',
        'Of one machine.',
        toTable(TABLE),
        '![Concurrency 16: throughput, orders/s](orders-concurrency-16-throughput.svg)',
      ].join('\n\n'),
    );
  });

  it('gives median and spread, ratios with two digits, and words where there is no figure', () => {
    assert.deepEqual(toTable(TABLE).split('\n'), [
      '|  | throughput, orders/s | ratio |',
      '| --- | ---: | ---: |',
      '| a \\| b | 1200 (1000–1300) | 1.00× |',
      '| other | not installed |  |',
    ]);
    assert.match(toTable(TABLE, true), /\| 1200 \|/);
  });

  it('draws a bar for each row that has a figure, with its median in words', async () => {
    const svg = await drawPlot(TABLE, 0);
    assert.match(svg, /^<svg /);
    assert.match(svg, />1200</);
    assert.doesNotMatch(svg, /other/);
  });
});

describe('A block of a page', () => {
  const readme = 'a\n<!-- bench:x -->\nold\n<!-- /bench -->\nb\n<!-- bench:y -->\nkept\n<!-- /bench -->\n';

  it('is replaced, and nothing around it', () => {
    const changed =
      'a\n<!-- bench:x -->\n\nnew\n\n<!-- /bench -->\nb\n<!-- bench:y -->\nkept\n<!-- /bench -->\n';
    assert.equal(replaceBlock(readme, 'x', 'new\n'), changed);
    assert.equal(replaceBlock(changed, 'x', 'new'), changed);
  });

  it('need not be there, but must end', () => {
    assert.equal(replaceBlock(readme, 'z', 'new'), readme);
    const open = readme.replace('<!-- /bench -->', '');
    assert.throws(() => replaceBlock(open, 'x', 'new'), /bench:x --> does not end/);
  });
});

describe('The options of a benchmark', () => {
  const defaults = { rounds: 5, concurrency: [1, 16], only: '' };

  it('are of the kind that their defaults are', () => {
    const { rounds, concurrency, only } = readOptions(defaults, ['--rounds=2', '--concurrency', '4,8']);
    assert.deepEqual({ rounds, concurrency, only }, { rounds: 2, concurrency: [4, 8], only: '' });
  });

  it('make a full run when all of them are as they are by default', () => {
    const isFull = (...args: string[]): boolean => readOptions(defaults, args).full;
    assert.equal(isFull(), true);
    assert.equal(isFull('--rounds', '5', '--concurrency', '1,16'), true);
    assert.deepEqual(
      [isFull('--rounds=1'), isFull('--only=a'), isFull('--no-report')],
      [false, false, false],
    );
  });

  it('are named when they are wrong, and end the run', (test) => {
    let said = '';
    test.mock.method(process.stderr, 'write', (text: string) => Boolean((said += text)));
    test.mock.method(process, 'exit', (code: number) => {
      throw new Error(`exit ${code}`);
    });
    assert.throws(() => readOptions(defaults, ['--rounds=many']), /exit 2/);
    assert.match(said, /--rounds: expected a number above 0/);
    assert.throws(() => readOptions(defaults, ['--cheese=1']), /exit 2/);
    assert.match(said, /--cheese/);
  });
});
