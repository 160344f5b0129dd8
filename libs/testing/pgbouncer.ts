import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFreePort } from '@fissile/kit/host';
import { findProgram, isInstalled } from './debian-packages.js';
import { until } from './until.js';

const PGBOUNCER = { debianPackage: 'pgbouncer', program: 'pgbouncer' };

export interface PgBouncerOptions {
  readonly mode: 'session' | 'transaction';
  /** Lines of its configuration besides, such as `ignore_startup_parameters = options`. */
  readonly lines?: readonly string[];
}

export interface PgBouncer {
  /** The URL of the server through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PgBouncer of Debian's package before a server; undefined where it is not installed and cannot be. */
export async function startPgBouncer(
  serverUrl: string,
  { mode, lines = [] }: PgBouncerOptions,
): Promise<PgBouncer | undefined> {
  if (!isInstalled(PGBOUNCER)) {
    if (process.env['CI'] === 'true') throw new Error('pgbouncer is required and not available');
    console.warn('SKIPPED: pgbouncer is not installed, so its tests do not run');
    return undefined;
  }
  const url = new URL(serverUrl);
  const port = await claimFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'fissile-pgbouncer-'));
  // It refuses to run as root, and reads its configuration as the account that it changes to.
  chmodSync(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const server = `host=${url.hostname} port=${url.port} user=${url.username} password=${url.password}`;
  writeFileSync(
    file,
    [
      '[databases]',
      `* = ${server}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      ...lines,
      '',
    ].join('\n'),
  );
  const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(findProgram(PGBOUNCER.program), [...account, file], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    const ended = new Promise((exit) => child.once('exit', exit));
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until('pgbouncer listens', () => child.exitCode !== null || answers(port));
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: Object.assign(new URL(serverUrl), { hostname: '127.0.0.1', port: String(port) }).href, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(socket.destroy().destroyed));
    socket.on('error', () => resolve(false));
  });
}
