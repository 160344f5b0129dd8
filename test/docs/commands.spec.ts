import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { anchorsOf, commandBlocksOf, inlineCodeOf, linksOf } from './markdown.js';
import { missingPathsIn, missingScriptsIn, unknownNamesIn, unknownOptionsIn } from './project.js';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'k8s/README.md', ...globSync('docs/**/*.md').sort()];
const read = (page: string): string => readFileSync(page, 'utf8');

/** The errors in all pages, each with its page. */
function faults(find: (markdown: string, page: string) => readonly string[]): string[] {
  return PAGES.flatMap((page) => find(read(page), page).map((fault) => `${page}: ${fault}`));
}

/** The code in a page: whole blocks of commands, and names in its text. */
const codeOf = (markdown: string, page: string): string =>
  [...commandBlocksOf(page, markdown).map(({ text }) => text), ...inlineCodeOf(markdown)].join('\n');

/** The file that a link points to, from the folder of the project. */
const targetOf = (page: string, link: string): string =>
  normalize(join(dirname(page), decodeURIComponent(link.split('#')[0] ?? '')));

function brokenLinksIn(markdown: string, page: string): string[] {
  const local = linksOf(markdown).filter((link) => !/^[a-z]+:/.test(link));
  return local.filter((link) => {
    const file = link.startsWith('#') ? page : targetOf(page, link);
    const anchor = link.split('#')[1];
    if (!existsSync(file)) return true;
    return anchor !== undefined && !(statSync(file).isFile() && anchorsOf(read(file)).includes(anchor));
  });
}

describe('The pages', () => {
  it('name only scripts that package.json has, with options that their programs read', () => {
    const missing = faults((markdown, page) => missingScriptsIn(codeOf(markdown, page)));
    const unknown = faults((markdown, page) => unknownOptionsIn(codeOf(markdown, page)));
    assert.deepEqual([...missing, ...unknown], []);
  });

  it('name only files and folders that are there', () => {
    assert.deepEqual(
      faults((markdown, page) => missingPathsIn(codeOf(markdown, page))),
      [],
    );
  });

  it('name only settings that there are', () => {
    assert.deepEqual(
      faults((markdown, page) => unknownNamesIn(codeOf(markdown, page))),
      [],
    );
  });

  it('have links that lead somewhere', () => {
    assert.deepEqual(faults(brokenLinksIn), []);
  });

  it('are all reached from docs/README.md', () => {
    const reached = new Set(['docs/README.md']);
    for (const page of reached) {
      const local = linksOf(read(page)).filter((link) => !/^([a-z]+:|#)/.test(link));
      const targets = local.map((link) => targetOf(page, link));
      for (const target of targets) if (target.endsWith('.md')) reached.add(target);
    }
    assert.deepEqual(
      PAGES.filter((page) => !reached.has(page)),
      [],
    );
  });

  it('are looked at as closely as they should be: what is wrong is found', () => {
    const wrong = [
      '```sh',
      'npm run bnech',
      'npm run replay -- --concurency 4',
      'node dist/tools/reconcil/main.js',
      'TOPOLOGY=split TRANSPORT=nats SHUTDOWN_TIMOUT_MS=1 npm start',
      '```',
      '`libs/sagas` and [a page](gone.md), [a heading](docs/README.md#gone), [another](#gone)',
    ].join('\n');
    const code = codeOf(wrong, 'README.md');
    assert.deepEqual(missingScriptsIn(code), ['bnech']);
    assert.deepEqual(unknownOptionsIn(code), ['replay --concurency']);
    assert.deepEqual(missingPathsIn(code), ['dist/tools/reconcil/main.js', 'libs/sagas']);
    assert.deepEqual(unknownNamesIn(code), ['SHUTDOWN_TIMOUT_MS']);
    assert.deepEqual(brokenLinksIn(wrong, 'README.md'), ['gone.md', 'docs/README.md#gone', '#gone']);
  });
});
