import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const OF_THE_RUN = ['TEST_SHARED_SHOP', 'TEST_DATABASE_TEMPLATE'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.data', 'coverage']);

/** A copy of the project's sources, which a test changes and builds separately. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'fissile-copy-'));

  /**
   * @param names what to copy; the whole project when absent
   * @param compiled what of `dist` and the packages' is copied too, so that only what changes is compiled again
   */
  constructor(names: readonly string[] = readdirSync('.'), compiled: readonly string[] = []) {
    for (const name of compiled) {
      cpSync(name, join(this.folder, name), { recursive: true, preserveTimestamps: true });
    }
    for (const name of names) {
      if (!LEFT_OUT.has(name)) {
        cpSync(name, join(this.folder, name), {
          recursive: true,
          // A compiled file is fresh when its source is not newer.
          preserveTimestamps: true,
          verbatimSymlinks: true,
          filter: (path) => !/(^|\/)dist$/.test(path),
        });
      }
    }
    linkPackages(this.folder);
  }

  /** Replaces a piece of text in a file; the text must exist. */
  edit(path: string, from: string, to: string): void {
    const file = join(this.folder, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  /**
   * Runs a program of node_modules/.bin, npm, or Node itself. Returns its output; fails with that output when it
   * fails.
   */
  run(program: string, parameters: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const path = pathOf(program);
    const settings: NodeJS.ProcessEnv = { ...process.env, ...env };
    // A test run that inherits this variable would treat itself as part of the outer run.
    delete settings['NODE_TEST_CONTEXT'];
    // The shared shop and the database templates of the run do not fit the copy.
    for (const name of OF_THE_RUN) delete settings[name];
    const options = { cwd: this.folder, env: settings, maxBuffer: 100 * 1024 * 1024 };
    return new Promise((done, failed) => {
      execFile(path, parameters, options, (error, stdout, stderr) =>
        error
          ? failed(new Error(`${program} ${parameters.join(' ')}:\n${stdout}${stderr}`))
          : done(stdout + stderr),
      );
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function pathOf(program: string): string {
  if (program === 'node') return process.execPath;
  // The one of `npm run build`: another version would compile all again. Two packages have a program of this name.
  if (program === 'tsc') return resolve('node_modules/typescript-7/bin/tsc');
  return program === 'npm' ? program : resolve('node_modules/.bin', program);
}

/** The copy shares the packages with the project; the workspace's packages are its own. */
function linkPackages(folder: string): void {
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@fissile'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (name !== '@fissile') symlinkSync(resolve('node_modules', name), join(packages, name));
  }
  const workspace = readdirSync('packages').map((name) => [name, `packages/${name}`] as const);
  for (const [name, path] of [['kit', 'libs'] as const, ...workspace]) {
    if (!existsSync(join(folder, path))) continue;
    symlinkSync(join(folder, path), join(packages, '@fissile', name));
  }
}
