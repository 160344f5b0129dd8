import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { queryServer } from '@fissile/kit/testing';

/** Read when the program starts: later it would include the benchmark's own load. */
const LOAD_AT_START = loadavg();

/** The facts that figures depend on, one a line. */
export function machineFacts(postgres: string | undefined): string[] {
  const [first] = cpus();
  const gibibytes = totalmem() / 1_024 ** 3;
  return [
    `${first?.model.trim() || 'an unnamed CPU'}, ${availableParallelism()} CPUs, ${gibibytes.toFixed(1)} GiB of memory`,
    `${type()} ${release()}, Node ${process.version}${postgres === undefined ? '' : `, PostgreSQL ${postgres}`}`,
    `${new Date().toISOString().slice(0, 10)}, at commit ${commit()}`,
    `load average at the start: ${LOAD_AT_START.map((load) => load.toFixed(2)).join(', ')}`,
  ];
}

/** The version of a server, such as `18.1`. */
export async function postgresVersion(serverUrl: string): Promise<string> {
  const [row] = await queryServer<{ server_version: string }>(serverUrl, 'SHOW server_version');
  return row?.server_version ?? 'of an unknown version';
}

/** Ignores changes in files that reports write. */
function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', '.', ':!docs/benchmarks', ':!docs/performance.md');
  return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ', with changes on it'}`;
}
