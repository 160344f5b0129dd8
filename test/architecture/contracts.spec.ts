import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

function buf(folder: string, ...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    execFile(resolve('node_modules/.bin/buf'), parameters, { cwd: folder }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

describe('Contracts', () => {
  let folder: string;
  const proto = () => join(folder, 'contracts/inventory/inventory.proto');
  const edit = (change: (text: string) => string) =>
    writeFileSync(proto(), change(readFileSync(resolve('contracts/inventory/inventory.proto'), 'utf8')));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-contracts-'));
    for (const path of ['contracts', 'buf.yaml', 'buf.gen.yaml'])
      cpSync(path, join(folder, path), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  });

  after(() => rmSync(folder, { recursive: true }));

  it('are generated from the .proto files as they are', async () => {
    assert.equal((await buf(folder, 'generate')).code, 0);
    const files = globSync('contracts/generated/**/*.ts').sort();
    assert.equal(files.length, globSync('contracts/**/*.proto').length);
    assert.deepEqual(globSync('contracts/generated/**/*.ts', { cwd: folder }).sort(), files);
    for (const file of files)
      assert.equal(readFileSync(file, 'utf8'), readFileSync(join(folder, file), 'utf8'), file);
  });

  it('removing a field breaks them, and adding an optional one does not', async () => {
    const breaking = () => buf(folder, 'breaking', '--against', 'contracts/baseline.binpb');
    edit((text) => text);
    assert.deepEqual(await breaking(), { code: 0, output: '' });
    edit((text) => text.replace('  int32 quantity = 2;\n', ''));
    assert.match((await breaking()).output, /field "2" with name "quantity"/);
    edit((text) => text.replace('int32 quantity = 2;', 'int32 quantity = 2;\n  optional string note = 3;'));
    assert.equal((await breaking()).code, 0);
    edit((text) => text);
  });

  it('keep to the style', async () => {
    edit((text) => text.replace('product_id', 'ProductId'));
    assert.match((await buf(folder, 'lint')).output, /lower_snake_case/);
    edit((text) => text);
    assert.deepEqual(await buf(folder, 'lint'), { code: 0, output: '' });
  });
});
