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

/** A copy of the project's sources, to be changed and built apart from it. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'fissile-copy-'));

  /** @param names what is copied; all of the project when absent */
  constructor(names: readonly string[] = readdirSync('.')) {
    for (const name of names) {
      if (!LEFT_OUT.has(name)) {
        cpSync(name, join(this.folder, name), {
          recursive: true,
          filter: (path) => !/(^|\/)dist$/.test(path),
        });
      }
    }
    linkPackages(this.folder);
  }

  /** Replaces a piece of a file, which must be there. */
  edit(path: string, from: string, to: string): void {
    const file = join(this.folder, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  /** Runs a program of node_modules/.bin, npm, or Node itself. Gives what it printed; fails with that when it fails. */
  run(program: string, parameters: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const path = pathOf(program);
    const settings: NodeJS.ProcessEnv = { ...process.env, ...env };
    // A run of tests that is started by one takes itself for a part of that.
    delete settings['NODE_TEST_CONTEXT'];
    // What the run has made for the project is not as the copy would have it.
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
  return program === 'npm' ? program : resolve('node_modules/.bin', program);
}

/** The packages are shared with the project; those of the workspace are the copy's own. */
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
