import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'fixture',
    type: 'module',
    imports: { '#contracts': { default: './dist/contracts/index.js' } },
    scripts: { contracts: 'buf generate' },
  }),
  '.prettierrc.json': '{ "singleQuote": true, "printWidth": 110 }',
  'buf.yaml': 'version: v2\nmodules:\n  - path: contracts\n',
  'buf.gen.yaml':
    'version: v2\nclean: true\nplugins:\n  - local: node_modules/.bin/protoc-gen-ts_proto\n    out: contracts/generated\n',
  'contracts/index.ts':
    "import { defineProduct } from '@fissile/kit/contract';\n\n" +
    "export const fixture = defineProduct({ name: 'Fixture', description: 'A fixture.', contexts: [] });\n",
  'apps/monolith/src/main.ts':
    "import { serveChosen } from '@fissile/kit/runtime';\nimport { fixture } from '#contracts';\n\n" +
    "await serveChosen(fixture, {\n  gateway: () => import('../../gateway/src/gateway.module.js'),\n});\n",
  'config/topology.yaml': 'split:\n  gateway: [gateway]\npair:\n  edge: [gateway]\n  core: []\n',
  'test/harness/product-under-test.ts': 'export {};\n',
};

/** A small product in a folder of its own, for the other specs of this folder; it has no tests of its own. */
export class FixtureProduct {
  readonly root = mkdtempSync(join(tmpdir(), 'fissile-new-'));

  constructor() {
    for (const [path, content] of Object.entries(FILES)) this.write(path, content);
    const installed = createRequire(import.meta.url).resolve('typescript/package.json');
    symlinkSync(dirname(dirname(installed)), join(this.root, 'node_modules'));
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  edit(path: string, from: string | RegExp, to: string): void {
    this.write(path, this.read(path).replace(from, to));
  }

  /** All files with their contents, but for installed packages. */
  contents(): Record<string, string> {
    const entries = globSync('**/*', {
      cwd: this.root,
      withFileTypes: true,
      exclude: ({ name }) => name === 'node_modules',
    });
    return Object.fromEntries(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
        .sort()
        .map((path) => [path, this.read(path)]),
    );
  }

  /** The errors of syntax in all code, by file. */
  syntaxErrors(): string[] {
    return Object.entries(this.contents())
      .filter(([path]) => path.endsWith('.ts'))
      .flatMap(([path, text]) => {
        const { diagnostics = [] } = ts.transpileModule(text, { fileName: path, reportDiagnostics: true });
        return diagnostics.map(({ messageText }) => `${path}: ${String(messageText)}`);
      });
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
