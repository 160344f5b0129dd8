import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it has started, but what those have let go, as the embedded PostgreSQL. Linux alone tells. */
export function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(treeOf)];
}

/** What a process of the shop hosts, or what it is. */
export function roleOf(pid: number, topology: string): string {
  const hosts = /(?:^|\0)HOSTS=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  if (hosts !== undefined) return hosts;
  return topology === 'monolith' ? 'monolith' : 'supervisor';
}
