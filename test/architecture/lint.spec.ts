import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

const SCOPE = `class Client {}\nfunction Service(): (target: unknown) => void {\n  return () => undefined;\n}\nvoid Client;\n`;

const functionOf = (lines: number): string =>
  `export function sum(): number {\n  let n = 0;\n${'  // One more.\n\n  n += 1;\n'.repeat(lines - 4)}  return n;\n}\n`;

/** A file for each, and the rule that it breaks. */
const BROKEN: Readonly<Record<string, readonly [rule: string, text: string]>> = {
  'promise.ts': [
    'typescript(no-floating-promises)',
    'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n',
  ],
  'kit-by-path.ts': ['eslint(no-restricted-imports)', `import '../../saga/../libs/saga/index.js';\n`],
  'all-exports.ts': ['fissile(named-exports)', `export * from './promise.js';\n`],
  'long.ts': ['eslint(max-lines-per-function)', functionOf(51)],
  'spread.ts': ['fissile(no-literal-spreads)', 'export const request = { ...{ first: 1 }, third: 3 };\n'],
  'spread-list.ts': ['fissile(no-literal-spreads)', 'export const all = [...[1, 2], 3];\n'],
  'type.ts': [
    'fissile(type-imports)',
    `import { Client } from './used.js';\nexport class Shop {\n  constructor(readonly client: Client) {}\n}\n`,
  ],
  'silenced.ts': [
    'fissile(no-silenced-findings)',
    '// oxlint-disable-next-line no-debugger\nexport const one = 1;\n',
  ],
  'evaluated.ts': ['eslint(no-eval)', `export const two = eval('1 + 1') as number;\n`],
};

const WELL: Readonly<Record<string, string>> = {
  'kit-by-export.ts': `import '@fissile/kit/saga';\n`,
  'fifty.ts': functionOf(50),
  'conditional.ts':
    'export const request = (id?: string) => ({ ...(id !== undefined && { id }), third: 3 });\n',
  'used.ts': `${SCOPE}export { Client, Service };\n`,
  // Nest reads the class from the metadata of the constructor.
  'injected.ts': `import { Client, Service } from './used.js';\n@Service()\nexport class Shop {\n  constructor(readonly client: Client) {}\n}\n`,
};

describe('Lint rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-lint-'));
  let found: readonly { readonly code: string; readonly filename: string }[];

  before(async () => {
    cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    cpSync('tools/lint', join(folder, 'tools/lint'), { recursive: true });
    mkdirSync(join(folder, 'src'));
    const compilerOptions = { module: 'nodenext', experimentalDecorators: true, types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    const broken = Object.entries(BROKEN).map(([name, [, text]]) => [name, text] as const);
    for (const [name, text] of [...broken, ...Object.entries(WELL)]) {
      writeFileSync(join(folder, 'src', name), text);
    }
    const output = await new Promise<string>((done) => {
      const parameters = [resolve('node_modules/.bin/oxlint'), '--format', 'json', 'src'];
      // It ends with an exit code when it has found something.
      execFile(process.execPath, parameters, { cwd: folder }, (_, text) => done(text));
    });
    found = (JSON.parse(output) as { diagnostics: typeof found }).diagnostics;
  });

  after(() => rmSync(folder, { recursive: true }));

  const rulesOf = (name: string): string[] =>
    found.filter(({ filename }) => filename === `src/${name}`).map(({ code }) => code);

  it('report what breaks them', () => {
    const expected = Object.entries(BROKEN).map(([name, [rule]]) => [name, [rule]]);
    assert.deepEqual(
      Object.keys(BROKEN).map((name) => [name, rulesOf(name)]),
      expected,
    );
  });

  it('let pass what does not', () => {
    assert.deepEqual(
      Object.keys(WELL).map((name) => rulesOf(name)),
      Object.keys(WELL).map(() => []),
    );
  });
});
