import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ALLOWED_TEXTS, SHOP_WORDS, shopWordsIn } from './kit-words.js';

/** Compiled files, generated from .proto files that are read themselves, or derived from them. */
const NOT_READ = /(^|\/)(dist|generated|node_modules)(\/|$)|\.binpb$/;

function filesOfTheKit(): string[] {
  return globSync('libs/**/*', { withFileTypes: true, exclude: ({ name }) => NOT_READ.test(name) })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(/^.*?(?=libs\/)/, ''));
}

describe('The kit', () => {
  it('names nothing of the shop', () => {
    const files = filesOfTheKit();
    assert.ok(files.length > 300, `it read only ${files.length} files`);
    const findings = files.flatMap((file) => shopWordsIn(file, readFileSync(file, 'utf8')));
    assert.deepEqual(
      findings.map(({ file, line, word, text }) => `${file}:${line} ${word}: ${text.trim()}`),
      [],
    );
  });
});

describe('The list of words of the shop', () => {
  const file = 'libs/one/a.ts';

  for (const { word, planted } of SHOP_WORDS) {
    it(`has ${word} found where it is planted`, () => {
      for (const line of planted) {
        const found = shopWordsIn(file, `first\n${line}\n`).filter((finding) => finding.word === word);
        assert.deepEqual(
          found.map((finding) => finding.line),
          [2],
          line,
        );
      }
    });
  }

  it('finds a word in the name of a file', () => {
    assert.deepEqual(
      shopWordsIn('libs/testing/shared-shop.ts', '').map(({ word, line }) => [word, line]),
      [['shop', 0]],
    );
  });

  for (const { reason, example, files } of ALLOWED_TEXTS) {
    it(`lets pass: ${reason}`, () => {
      const place = files === undefined ? file : 'libs/testing/consul-agent/catalog.ts';
      assert.deepEqual(shopWordsIn(place, example), []);
      if (files !== undefined) assert.notDeepEqual(shopWordsIn(file, example), []);
    });
  }

  it('leaves the kit its own words', () => {
    const own = [
      'export class Product<C extends ContextDefinition> {} // two products, other products',
      'ORDER BY id -- in order, in the same order, in the order of time; this keeps the order',
      'The first signal stops the process in order; events are ordered by key, and the query orders them.',
      'readonly userId: string; // the users whose tokens are refused; this.users.verify(token)',
      'const notifications = new PgNotifications(database); // from ./pg-notifications.js',
      'TraceRecorder.start(); recorder.stop(); // in production',
    ];
    assert.deepEqual(shopWordsIn(file, own.join('\n')), []);
  });
});
