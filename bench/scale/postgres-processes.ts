import { queryServer } from '@fissile/kit/testing';
import { childrenOf } from '../children.js';
import { cpuSecondsOf, cpuSecondsOfEnded } from '../usage.js';

/** The processes of a PostgreSQL server on this machine. The user must be allowed to read the server's files. */
export async function postgresProcesses(serverUrl: string): Promise<{ cpuSeconds(): number }> {
  const [row] = await queryServer<{ pid: number }>(
    serverUrl,
    `SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::integer AS pid`,
  );
  const parent = row?.pid ?? 0;
  return { cpuSeconds: () => cpuSecondsOfAll(parent) };
}

/** A process that ends with its connection is counted under its parent from then on: exactly once. */
function cpuSecondsOfAll(parent: number): number {
  for (;;) {
    const ended = cpuSecondsOfEnded(parent);
    try {
      const running = cpuSecondsOf([parent, ...childrenOf(parent)]);
      if (cpuSecondsOfEnded(parent) === ended) return running + ended;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
