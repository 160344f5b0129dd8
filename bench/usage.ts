import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Used } from './figures.js';

// Linux only: its /proc describes other processes.

/** Fields 14 and 15 of /proc/<pid>/stat: ticks in user and in system mode; the name in field 2 may contain spaces. */
const OWN_TICKS = [11, 12];
/** Fields 16 and 17: those of its children that have ended. */
const TICKS_OF_ENDED = [13, 14];
/** Resets a process's peak memory to its current value: see proc(5), clear_refs. */
const RESET_PEAK = '5';

let ticksPerSecond: number | undefined;

/** Measures the usage of processes from now until the returned function is called. */
export function watchUsage(pids: readonly number[]): () => Used {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, RESET_PEAK);
  const before = cpuSecondsOf(pids);
  return () => ({ cpuSeconds: cpuSecondsOf(pids) - before, peakMemory: memoryOf(pids, 'VmHWM') });
}

/** Seconds of CPU that the processes have used so far, user and system. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return secondsOf(pids, OWN_TICKS);
}

/** Seconds of CPU used by the ended children of a process, and by their own children. */
export function cpuSecondsOfEnded(parent: number): number {
  return secondsOf([parent], TICKS_OF_ENDED);
}

function secondsOf(pids: readonly number[], indexes: readonly number[]): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const ticks = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return indexes.reduce((sum, index) => sum + Number(fields[index]), 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

/** Resident memory of the processes in total, in MiB: their current memory, or the sum of their peaks. */
export function memoryOf(pids: readonly number[], which: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = pids.map((pid) => {
    const line = new RegExp(`^${which}:\\s+(\\d+) kB$`, 'm');
    return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1_024;
}
