import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';

const eslint = new ESLint();

/** The rules that a text would break as the content of that file. */
async function findings(text: string, filePath: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? 'syntax');
}

describe('Lint rules', () => {
  // Of a small project, whose types are quickly loaded; the rules are the same in all.
  const file = 'packages/client/src/index.ts';

  it('report a promise that is not awaited', async () => {
    const text = 'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n';
    assert.deepEqual(await findings(text, file), ['@typescript-eslint/no-floating-promises']);
  });

  it('report an import of the kit by a path, and let one by its exports pass', async () => {
    assert.deepEqual(await findings(`import '../../saga/../libs/saga/index.js';\n`, file), [
      'no-restricted-imports',
    ]);
    assert.deepEqual(await findings(`import '@fissile/kit/saga';\n`, file), []);
  });

  it('report exports that are not named', async () => {
    assert.deepEqual(await findings(`export * from './bucket-storage.js';\n`, file), [
      'no-restricted-syntax',
    ]);
  });

  it('report functions of more than fifty lines, without blank ones and comments', async () => {
    const functionOf = (lines: number): string =>
      `export function sum(): number {\n  let n = 0;\n${'  // One more.\n\n  n += 1;\n'.repeat(lines - 4)}  return n;\n}\n`;
    assert.deepEqual(await findings(functionOf(51), file), ['max-lines-per-function']);
    assert.deepEqual(await findings(functionOf(50), file), []);
  });

  it('report spreads of literals, and let conditional ones pass', async () => {
    const spread = 'export const request = { ...{ first: 1, second: 2 }, third: 3 };\n';
    assert.deepEqual(await findings(spread, file), ['no-restricted-syntax']);
    assert.deepEqual(await findings('export const all = [...[1, 2], 3];\n', file), ['no-restricted-syntax']);
    const conditional =
      'export const request = (id?: string) => ({ ...(id !== undefined && { id }), third: 3 });\n';
    assert.deepEqual(await findings(conditional, file), []);
  });
});
