import { readFileSync } from 'node:fs';
import { childrenOf } from '../children.js';

/** A process and all that it has started, but what those have let go, as the embedded PostgreSQL. Linux alone tells. */
export function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

/** What a process of the shop hosts, or what it is. */
export function roleOf(pid: number, topology: string): string {
  const hosts = /(?:^|\0)HOSTS=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  if (hosts !== undefined) return hosts;
  return topology === 'monolith' ? 'monolith' : 'supervisor';
}
