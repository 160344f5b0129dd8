import { readFileSync } from 'node:fs';
import { childrenOf } from '../children.js';

/** A process and all its descendants, except detached ones such as the embedded PostgreSQL. Linux only. */
export function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

/** The components that a process of the shop hosts, or its role. */
export function roleOf(pid: number, topology: string): string {
  const hosts = /(?:^|\0)HOSTS=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  if (hosts !== undefined) return hosts;
  return topology === 'monolith' ? 'monolith' : 'supervisor';
}
