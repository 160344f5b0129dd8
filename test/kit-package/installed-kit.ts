import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { linkPackage, neededPeers, unpackTarball } from '../harness/repository-packages.js';
import { removeStaleOutputs } from '../../tools/stale-outputs/stale-outputs.js';

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2024',
  types: ['node'],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  rootDir: 'src',
  outDir: 'dist',
};

/**
 * The folder of a product with the packed kit in its node_modules, as `npm install` would leave it: beside the kit are the
 * packages that it declares, linked to those of the repository, and no other.
 */
export class InstalledKit {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'fissile-installed-')));
  readonly kit = join(this.folder, 'node_modules/@fissile/kit');
  readonly manifest: Manifest;

  /** @param added optional peers, and packages of the product's own */
  constructor(added: readonly string[] = []) {
    const tarball = this.pack();
    unpackTarball(tarball, this.kit);
    this.manifest = JSON.parse(readFileSync(join(this.kit, 'package.json'), 'utf8')) as Manifest;
    for (const name of [...this.neededPackages(), ...added]) this.link(name);
    this.write('package.json', JSON.stringify({ name: 'a-product', type: 'module' }));
  }

  /** Its files, relative to the package, without what it depends on. */
  get files(): string[] {
    return globSync('**', { cwd: this.kit, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.kit.length + 1));
  }

  /** The names under which it can be imported, such as `@fissile/kit/saga`. */
  get subpaths(): string[] {
    return globSync('dist/*/index.js', { cwd: this.kit })
      .map((file) => `@fissile/kit/${file.split('/')[1]}`)
      .sort();
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /**
   * Compiles `src` to `dist`. Fails with what the compiler says.
   * @param options whether the types of packages are left unchecked, and what else the product has set
   */
  compile(options: Readonly<Record<string, unknown>> & { readonly skipLibCheck: boolean }): void {
    const compilerOptions = { ...COMPILER_OPTIONS, ...options };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
    this.run([resolve('node_modules/typescript/bin/tsc'), '-p', this.folder]);
  }

  /** Runs Node in the folder, and returns what it printed. Fails with that when the program fails. */
  run(words: readonly string[]): string {
    try {
      return execFileSync(process.execPath, words, { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${words.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Without `prepack`, which would build again what the tests run on. */
  private pack(): string {
    removeStaleOutputs({ sources: 'libs', outputs: 'libs/dist', others: ['console', 'create-fissile'] });
    const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', this.folder];
    const name = execFileSync('npm', words, { cwd: 'libs', encoding: 'utf8' }).trim();
    return join(this.folder, name);
  }

  /** What npm installs with it. */
  private neededPackages(): string[] {
    return [...Object.keys(this.manifest.dependencies), ...neededPeers(this.manifest)];
  }

  private link(name: string): void {
    const isThere = linkPackage(join(this.folder, 'node_modules'), name);
    if (!isThere) throw new Error(`${name} is not installed`);
  }
}
