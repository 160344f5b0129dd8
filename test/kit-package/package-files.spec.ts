import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { InstalledKit } from './installed-kit.js';

const CONTRACT = `
import { contract, type Implementation } from '@fissile/kit/contract';
import { BetaDefinition } from './beta';
export abstract class Beta extends contract(BetaDefinition) {}
export const claim = (beta: Implementation<typeof Beta>) => beta.getHeld({ runId: '' });
`;

/** Without what a product is made from, which has tests of its own. */
function ownFiles(files: readonly string[]): string[] {
  return files.filter((file) => !file.startsWith('dist/create-fissile/template/'));
}

describe('The packed kit', () => {
  let installed: InstalledKit;

  before(() => {
    installed = new InstalledKit(['@types/node']);
  });

  after(() => installed.remove());

  it('has what people read, and its own .proto files', () => {
    const files = new Set(installed.files);
    for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'contract/proto/events/events.proto']) {
      assert.ok(files.has(file), file);
    }
  });

  it('has no tests, no toy and no notes of the compiler', () => {
    assert.deepEqual(
      ownFiles(installed.files).filter((file) =>
        /\.spec\.([cm]?[jt]s|d\.ts)(\.map)?$|(^|\/)toy\/|run-specs|tsbuildinfo/.test(file),
      ),
      [],
    );
  });

  it('has the source of every compiled file, where its maps say it is', () => {
    const maps = installed.files.filter((file) => file.endsWith('.map'));
    assert.ok(maps.length > 500, `there are only ${maps.length} maps`);
    for (const map of maps) {
      const path = join(installed.kit, map);
      const { sources } = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[] };
      for (const source of sources) {
        assert.ok(existsSync(join(dirname(path), source)), `${map} leads to ${source}`);
      }
    }
  });

  it('has a folder with types for each room', () => {
    assert.ok(installed.subpaths.length >= 17, installed.subpaths.join(' '));
    for (const subpath of installed.subpaths) {
      const types = subpath.replace('@fissile/kit', 'dist') + '/index.d.ts';
      assert.ok(installed.files.includes(types), types);
    }
  });

  it('can be imported, each room of it, with none of the optional packages', () => {
    const all = installed.subpaths.map((subpath) => `await import('${subpath}');`).join(' ');
    installed.run(['--input-type=module', '--eval', all]);
  });

  for (const options of [
    { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    { module: 'nodenext', moduleResolution: 'nodenext' },
  ]) {
    it(`has types for a CommonJS application with moduleResolution ${options.moduleResolution}`, () => {
      const imports = installed.subpaths.map((subpath, at) => `export * as room${at} from '${subpath}';`);
      installed.write('src/all.ts', imports.join('\n'));
      // Code of a contract that the application has generated is CommonJS too.
      installed.write('src/beta.ts', readFileSync('libs/testing/toy/generated/beta/beta.ts', 'utf8'));
      installed.write('src/contract.ts', CONTRACT);
      installed.write('package.json', JSON.stringify({ name: 'a-product' }));
      try {
        installed.compile({ skipLibCheck: true, ...options });
      } finally {
        for (const file of ['beta', 'contract']) rmSync(join(installed.folder, `src/${file}.ts`));
        installed.write('package.json', JSON.stringify({ name: 'a-product', type: 'module' }));
      }
    });
  }

  it('can be required by a CommonJS application', () => {
    const all = installed.subpaths.map((subpath) => `require('${subpath}');`).join(' ');
    installed.run(['--input-type=commonjs', '--eval', all]);
  });

  it('exports nothing but its rooms', () => {
    const inside = "await import('@fissile/kit/rpc/transports/transports.js')";
    assert.throws(() => installed.run(['--input-type=module', '--eval', inside]), /Cannot find module/);
  });

  it('has types that compile without the optional packages, those of packages checked too', () => {
    const imports = installed.subpaths
      .filter((subpath) => !subpath.endsWith('/testing'))
      .map((subpath, index) => `export * as room${index} from '${subpath}';\n`);
    installed.write('src/all.ts', imports.join(''));
    installed.compile({ skipLibCheck: false });
  });

  it('has the console, which asks for nothing but what every product has', () => {
    const scripts = installed.files.filter((file) => /^dist\/console\/assets\/.*\.js$/.test(file));
    const asked = scripts.flatMap((file) => [
      ...readFileSync(join(installed.kit, file), 'utf8').matchAll(/\/api\/([a-z]+)[\w/-]*/g),
    ]);
    assert.ok(installed.files.includes('dist/console/console.html'), 'run npm run build:all first');
    assert.ok(asked.length > 5, `it asks for ${asked.length} paths`);
    // Accounts are the kit's too, where the product has them.
    const others = asked.filter(([, first]) => !['admin', 'auth', 'users'].includes(first ?? ''));
    assert.deepEqual(
      others.map(([path]) => path),
      [],
    );
  });

  it('has the command fissile', () => {
    const command = join(installed.kit, installed.manifest.bin['fissile'] ?? '');
    assert.match(installed.run([command, '--help']), /Usage: fissile/);
  });
});
