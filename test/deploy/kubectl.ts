import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const isThere = (program: string, ...parameters: string[]): Promise<boolean> =>
  run(program, parameters).then(
    () => true,
    () => false,
  );

/** Whether kubectl is available, which renders the overlays; on Debian, root installs it when it is missing. */
export async function hasKubectl(): Promise<boolean> {
  const works = () => isThere('kubectl', 'version', '--client');
  if (await works()) return true;
  if (process.getuid?.() !== 0 || !(await isThere('apt-get', '--version'))) return false;
  await isThere('apt-get', 'update');
  await isThere('apt-get', 'install', '--yes', '--no-install-recommends', 'kubernetes-client');
  return works();
}

/**
 * The documents of an overlay.
 * @throws Error with kubectl's message when it fails
 */
export async function render(folder: string): Promise<string> {
  const { stdout } = await run('kubectl', ['kustomize', folder]);
  return stdout;
}
