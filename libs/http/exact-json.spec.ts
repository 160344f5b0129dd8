import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inexactFields } from './exact-json.js';

const pathsOf = (text: string): string[] => inexactFields(text, JSON.parse(text)).map(({ path }) => path);

describe('Fields of a JSON text that would not stay what was sent', () => {
  it('are numbers that lose digits, by their path', () => {
    for (const number of [
      '999999999.99999999999',
      '12345678901234567890',
      '1e400',
      '1e-400',
      '0.10000000000000001',
    ])
      assert.deepEqual(pathsOf(`{"items": [{}, {"price": ${number}}]}`), ['items[1].price'], number);
  });

  it('are not numbers in another spelling, nor digits in a text', () => {
    for (const number of [
      '0',
      '-0',
      '0.1',
      '1.50',
      '1e3',
      '1E+22',
      '9007199254740993.0e0'.replace('3.0e0', '2'),
      '100000000000000000000',
      '0.000000000000000001',
    ])
      assert.deepEqual(pathsOf(`[${number}]`), [], number);
    assert.deepEqual(
      pathsOf('{"id": "0197d3b5-7f00-7000-8000-000000000000", "card": "12345678901234567890"}'),
      [],
    );
  });

  it('are texts and names with half a character', () => {
    assert.deepEqual(pathsOf(String.raw`{"a": ["\ud83d\ude00", "\ud800"], "b": {"\udc00": 1}}`).sort(), [
      'a[1]',
      'b',
    ]);
  });

  it('are refused as a whole where they are too deep to be meant, whatever they are', () => {
    const nested = (text: string, depth: number): string => `${'['.repeat(depth)}${text}${']'.repeat(depth)}`;
    for (const text of ['12345678901234567890', String.raw`"\ud800"`])
      for (const depth of [100, 1_000, 200_000]) {
        const deep = nested(text, depth);
        assert.throws(() => inexactFields(deep, JSON.parse(deep)), { code: 'malformed_request' });
      }
    assert.deepEqual(pathsOf(nested('12345678901234567890', 3)), ['[0][0][0]']);
  });

  it('are found in bodies that are made to take long, digit by digit or by the length of their paths', () => {
    // With work that grows by the square of it, this would not end within the time of a test.
    const longest = 256 * 1024;
    assert.deepEqual(pathsOf(`{"a": 1.${'0'.repeat(longest)}1}`), ['a']);
    const halves = new Array(200).fill(String.raw`"\ud800"`).join();
    const paths = pathsOf(`{"${'k'.repeat(longest / 2)}": [${halves}]}`);
    assert.ok(paths.length > 0 && paths.every(({ length }) => length <= 200));
  });
});
