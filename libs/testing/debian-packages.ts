import { spawnSync } from 'node:child_process';

/** A program that the tests use, and the Debian package that provides it. */
export interface PackagedProgram {
  readonly debianPackage: string;
  readonly program: string;
}

/** Whether the program is available; installs it when it is missing and the machine permits it. */
export function isInstalled({ program, debianPackage }: PackagedProgram): boolean {
  if (findProgram(program) !== '') return true;
  if (process.getuid?.() !== 0) return false;
  if (!install(debianPackage)) {
    // A new machine has no package lists, or outdated ones.
    spawnSync('apt-get', ['update'], { stdio: 'ignore' });
    install(debianPackage);
  }
  return findProgram(program) !== '';
}

/** False when the installation failed. */
function install(debianPackage: string): boolean {
  // Another test file may install something now.
  const patiently = ['-o', 'DPkg::Lock::Timeout=300'];
  const parameters = ['install', '--yes', '--no-install-recommends', ...patiently, debianPackage];
  const { status } = spawnSync('apt-get', parameters, {
    stdio: 'ignore',
    // A package must not start its services: the tests run their own.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
  return status === 0;
}

/** The path of the program; empty when it is not found. */
export function findProgram(program: string): string {
  const path = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`;
  return spawnSync('which', [program], { encoding: 'utf8', env: { PATH: path } }).stdout?.trim() ?? '';
}
