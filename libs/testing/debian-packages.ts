import { spawnSync } from 'node:child_process';

/** A program that the tests use, and the package of Debian's that has it. */
export interface PackagedProgram {
  readonly debianPackage: string;
  readonly program: string;
}

/** Whether the program is there; it is installed when it is missing and that is possible. */
export function isInstalled({ program, debianPackage }: PackagedProgram): boolean {
  if (findProgram(program) !== '') return true;
  if (process.getuid?.() !== 0) return false;
  if (!install(debianPackage)) {
    // A new machine has no lists of packages, or old ones.
    spawnSync('apt-get', ['update'], { stdio: 'ignore' });
    install(debianPackage);
  }
  return findProgram(program) !== '';
}

/** False when it could not be. */
function install(debianPackage: string): boolean {
  const { status } = spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', debianPackage], {
    stdio: 'ignore',
    // A package must not start what it brings: the tests run their own.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
  return status === 0;
}

/** Its path; empty when there is none. */
export function findProgram(program: string): string {
  const path = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`;
  return spawnSync('which', [program], { encoding: 'utf8', env: { PATH: path } }).stdout?.trim() ?? '';
}
