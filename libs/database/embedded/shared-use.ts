import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LOCK_TIMEOUT_MS = 60_000;
const POLL_EVERY_MS = 50;

/** Tracks which processes of this machine use a data folder, as one small file for each process. */
export class SharedUse {
  private readonly users: string;
  private readonly lock: string;

  constructor(dataDir: string) {
    this.users = join(dataDir, 'postgres-users');
    this.lock = join(dataDir, 'postgres.lock');
  }

  register(): void {
    mkdirSync(this.users, { recursive: true });
    writeFileSync(join(this.users, String(process.pid)), startOf(process.pid));
  }

  deregister(): void {
    rmSync(join(this.users, String(process.pid)), { force: true });
  }

  /** Whether another live process uses the folder. Removes the files of dead processes. */
  hasOthers(): boolean {
    let others = false;
    for (const name of readdirSync(this.users)) {
      if (name === String(process.pid)) continue;
      if (isSameProcess(Number(name), readOrEmpty(join(this.users, name)))) others = true;
      else rmSync(join(this.users, name), { force: true });
    }
    return others;
  }

  /** Runs the work while no other process of this folder does. The lock of a dead process is taken over. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    await this.takeLock();
    try {
      return await work();
    } finally {
      rmSync(this.lock, { force: true });
    }
  }

  private async takeLock(): Promise<void> {
    const giveUpAt = Date.now() + LOCK_TIMEOUT_MS;
    const owner = `${process.pid} ${startOf(process.pid)}`;
    for (;;) {
      try {
        writeFileSync(this.lock, owner, { flag: 'wx' });
        return;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // The file was made, and there was no room for what stands in it.
        if (code === 'ENOSPC') rmSync(this.lock, { force: true });
        if (code !== 'EEXIST') throw error;
      }
      const [pid, start = ''] = readOrEmpty(this.lock).split(' ');
      if (pid && !isSameProcess(Number(pid), start)) rmSync(this.lock, { force: true });
      else if (Date.now() > giveUpAt) throw new Error(`${this.lock} is held by process ${pid ?? 'unknown'}`);
      else await pause(POLL_EVERY_MS);
    }
  }
}

/**
 * The start time of the process, as Linux reports it, so that a new process with a reused pid is not mistaken for it.
 */
function startOf(pid: number): string {
  return statOf(pid)[19] ?? '';
}

/** A zombie: a dead process whose parent does not wait for it; in containers it may stay forever. */
function isZombie(pid: number): boolean {
  return statOf(pid)[0] === 'Z';
}

/** The fields of Linux's stat file from the state on; the field before it, the program's name, may contain spaces. */
function statOf(pid: number): string[] {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function isSameProcess(pid: number, start: string): boolean {
  return isAlive(pid) && startOf(pid) === start;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
