import { readdirSync, readFileSync } from 'node:fs';
import { queryServer } from '@fissile/kit/testing';
import type { Shop } from '../harness/shop.js';

/** The resource usage of a shop's processes at one time. */
export interface Usage {
  /** Resident memory of all processes, in MiB. */
  readonly memory: number;
  /** Open files and sockets of all processes. */
  readonly handles: number;
  /** Connections to PostgreSQL. */
  readonly connections: number;
}

export async function readUsage(shop: Shop): Promise<Usage> {
  const pids = shop.allPids();
  const [row] = await queryServer<{ count: number }>(
    shop.databaseServerUrl,
    'SELECT count(*)::integer FROM pg_stat_activity WHERE starts_with(datname, $1)',
    [shop.databasePrefix],
  );
  return {
    memory: sum(pids.map(memoryOf)),
    handles: sum(pids.map(handlesOf)),
    connections: row?.count ?? 0,
  };
}

/** The median of several readings, per kind. */
export function middleOf(readings: readonly Usage[]): Usage {
  const middle = (values: number[]) =>
    values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
  return {
    memory: middle(readings.map(({ memory }) => memory)),
    handles: middle(readings.map(({ handles }) => handles)),
    connections: middle(readings.map(({ connections }) => connections)),
  };
}

/** Read from Linux's /proc; a process that has just ended uses nothing. */
function memoryOf(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function handlesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
