import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { addContexts } from './add-contexts.js';
import { isTarball, type Options } from './options.js';
import { ownVersion, projectFiles } from './project-files.js';
import { isInstalled, run } from './run.js';
import { templateRecord } from './rendered-templates.js';
import { writeFiles } from './template.js';

/** Where a kit that is not published is kept in the project. */
const VENDOR = 'vendor';

/** Makes the project; when a step fails, nothing of it is left. */
export async function createProject(options: Options): Promise<void> {
  const { folder } = options;
  const existed = existsSync(folder);
  const remove = (): void => removeProject(folder, existed);
  const interrupted = (): never => {
    remove();
    process.exit(130);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    mkdirSync(folder, { recursive: true });
    const kit = bringKit(options);
    const files = projectFiles(options, kit);
    writeFiles(folder, [...files, templateRecord(options, kit, files)]);
    if (options.install) await completeProject(options);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** Returns what package.json has for the kit. A tarball is copied into the project, so that others can install it too. */
function bringKit({ folder, kit }: Options): string {
  if (kit === undefined) return `^${ownVersion()}`;
  if (!isTarball(kit)) return kit;
  mkdirSync(join(folder, VENDOR), { recursive: true });
  copyFileSync(resolve(kit), join(folder, VENDOR, basename(kit)));
  return `file:${VENDOR}/${basename(kit)}`;
}

async function completeProject(options: Options): Promise<void> {
  const { folder } = options;
  console.log('Installing packages');
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, show: true });
  await addContexts(options);
  console.log('Generating the types of its API and the files for containers');
  await run('npm', ['run', '--silent', 'generate'], { cwd: folder });
  await run('npm', ['run', '--silent', 'format'], { cwd: folder });
  if (await isInstalled('git')) await commit(folder);
}

async function commit(folder: string): Promise<void> {
  await run('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: folder });
  await run('git', ['add', '--all'], { cwd: folder });
  // A machine without a name and an address for commits gets these.
  const author = ['-c', 'user.name=create-fissile', '-c', 'user.email=create-fissile@localhost'];
  await run('git', [...author, 'commit', '--quiet', '--message', 'Make the product'], { cwd: folder });
}

function removeProject(folder: string, keepFolder: boolean): void {
  if (!keepFolder) return rmSync(folder, { recursive: true, force: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}
