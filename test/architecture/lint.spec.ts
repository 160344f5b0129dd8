import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';

/** The rules that a text breaks, as if it stood in that file. */
async function findings(text: string, filePath: string): Promise<string[]> {
  const [result] = await new ESLint().lintText(text, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? 'syntax');
}

describe('Lint rules', () => {
  const file = 'libs/gateway/throttling/token-bucket.ts';

  it('report a promise that nobody waits for', async () => {
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
});
