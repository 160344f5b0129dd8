import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TEST_RUN = fileURLToPath(new URL('test-run.js', import.meta.url));

export interface TestFilesOptions {
  /** What the tests read beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** One of Node's: `spec` or `dot`. */
  readonly reporter?: string;
  /**
   * Names the group of a file, if it has one. The files of a group run one after the other in one process, which loads what
   * they import once; any other file has a process of its own.
   */
  readonly groupOf?: (file: string) => string | undefined;
}

/**
 * Runs test files by Node's test runner, in the order in which they are given, and passes SIGINT and SIGTERM on to it.
 * Returns its exit code.
 * @param files paths or globs
 */
export async function runTestFiles(
  files: readonly string[],
  { env = {}, reporter = 'spec', groupOf = () => undefined }: TestFilesOptions = {},
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-test-run-'));
  const found = files.flatMap((file) => globSync(file).sort());
  const parameters = [TEST_RUN, reporter, ...grouped(found, groupOf, folder)];
  const child = spawn(process.execPath, parameters, { stdio: 'inherit', env: { ...process.env, ...env } });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await new Promise<number>((done) => child.once('exit', (code) => done(code ?? 1)));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files to run, where a file in `folder` that imports them takes the place of those of a group. */
function grouped(
  files: readonly string[],
  groupOf: NonNullable<TestFilesOptions['groupOf']>,
  folder: string,
): string[] {
  const groups = Map.groupBy(files, (file) => groupOf(file) ?? file);
  return [...groups].map(([name, members], index) => {
    if (members[0] === name) return name;
    const group = join(folder, `${index}-${name.replaceAll(/[^\w-]+/g, '-')}.mjs`);
    writeFileSync(group, members.map((file) => `import '${pathToFileURL(resolve(file))}';\n`).join(''));
    return group;
  });
}
