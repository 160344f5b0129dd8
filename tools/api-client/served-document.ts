import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = 'dist/apps/monolith/src/main.js';

/** Starts a separate, empty shop, reads the OpenAPI document that it serves, and stops it. */
export async function servedDocument(): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'fissile-api-'));
  const env = { ...process.env, DATA_DIR: folder, PORT: '0', TOPOLOGY: 'monolith', LOG_LEVEL: 'warn' };
  const shop = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => shop.once('exit', resolve));
  try {
    const response = await fetch(`${await addressOf(shop)}/docs-json`);
    return (await response.json()) as object;
  } finally {
    shop.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the shop has no output');
  for await (const line of createInterface({ input: stdout })) {
    const url = /is listening on (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the shop ended before it listened');
}
