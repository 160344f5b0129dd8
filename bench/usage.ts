import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Fields 14 and 15 of /proc/<pid>/stat: ticks in user and in system mode; the name in field 2 may hold blanks. */
const FIELDS_AFTER_NAME = [11, 12];

let ticksPerSecond: number | undefined;

/** Seconds of CPU that the processes have used so far, user and system. Linux alone tells. */
export function cpuSecondsOf(pids: readonly number[]): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const ticks = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return FIELDS_AFTER_NAME.reduce((sum, index) => sum + Number(fields[index]), 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

/** The most memory that the processes have had at one time, each for itself, in MiB. */
export function peakMemoryOf(pids: readonly number[]): number {
  const peaks = pids.map((pid) => {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1_024;
  });
  return Math.round(peaks.reduce((sum, each) => sum + each, 0));
}
