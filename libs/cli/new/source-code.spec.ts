import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { SourceCode } from './source-code.js';
import { appendToProperty, findDescription, repeatedNames } from './syntax.js';

describe('Code that is edited in its syntax tree', () => {
  const PRODUCT = 'const product = defineProduct({ ';

  function withContexts(list: string, ...added: string[]): string {
    const code = new SourceCode(ts, 'contracts/index.ts', `${PRODUCT}${list} });\n`);
    const found = findDescription(code, 'defineProduct');
    assert.ok(found);
    for (const name of added) assert.ok(appendToProperty(code, found.description, 'contexts', name));
    return code.edited().slice(PRODUCT.length, -' });\n'.length);
  }

  it('gets elements at the end of a list, however the list is laid out', () => {
    const lists: [before: string, after: string][] = [
      ['contexts: [a]', 'contexts: [a, x]'],
      ['contexts: [a,]', 'contexts: [a, x,]'],
      ['contexts: []', 'contexts: [ x ]'],
      ['contexts: [\n  a,\n  b,\n]', 'contexts: [\n  a,\n  b,\n  x,\n]'],
      ['contexts: [\n  a,\n  b\n]', 'contexts: [\n  a,\n  b,\n  x,\n]'],
      ['contexts: [\n  a, // the first\n]', 'contexts: [\n  a, // the first\n  x,\n]'],
      ['contexts: [\n  a // no comma\n]', 'contexts: [\n  a, // no comma\n  x,\n]'],
      ['name: "n"', 'name: "n", contexts: [x]'],
    ];
    for (const [before, after] of lists) assert.equal(withContexts(before, 'x'), after);
  });

  it('gets several at once', () => {
    assert.equal(withContexts('contexts: [a,]', 'x', 'y'), 'contexts: [a, x, y,]');
    assert.equal(withContexts('contexts: [\n  a\n]', 'x', 'y'), 'contexts: [\n  a,\n  x,\n  y,\n]');
    assert.equal(withContexts('contexts: []', 'x', 'y'), 'contexts: [ x, y ]');
  });

  it('is edited although it could not be compiled', () => {
    const code = new SourceCode(
      ts,
      'a.ts',
      'const other = {;\nconst product = defineProduct({ contexts: [a] });',
    );
    const found = findDescription(code, 'defineProduct');
    assert.ok(found && appendToProperty(code, found.description, 'contexts', 'x'));
    assert.match(
      code.edited(),
      /const other = \{;\nconst product = defineProduct\(\{ contexts: \[a, x\] \}\);/,
    );
  });

  it('gets imports, by those that are there where it can', () => {
    const text = "import { a } from './a.js';\nimport type { T } from './t.js';\n\nconst one = a;\n";
    const code = new SourceCode(ts, 'a.ts', text);
    code.import('a', './a.js');
    code.import('b', './a.js');
    code.import('t', './t.js');
    code.import('c', './c.js');
    code.import('D', './c.js', 'type');
    assert.equal(
      code.edited(),
      "import { a, b } from './a.js';\nimport type { T } from './t.js';\nimport { t } from './t.js';\n" +
        "import { c, type D } from './c.js';\n\nconst one = a;\n",
    );
  });

  it('gets its first import', () => {
    const code = new SourceCode(ts, 'a.ts', '');
    code.import('a', './a.js');
    assert.equal(code.edited(), "import { a } from './a.js';\n");
  });

  it('tells names that would mean two things', () => {
    const text =
      "import { A, B } from 'one';\nimport { A, C } from 'two';\nexport class C {}\nconst D = B;\n";
    assert.deepEqual(repeatedNames(new SourceCode(ts, 'a.ts', text)), ['A', 'C']);
  });
});
