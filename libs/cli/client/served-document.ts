import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandError } from '../command-error.js';
import { programOf } from '../product-project.js';

/**
 * Starts the product separately, with empty databases, reads the OpenAPI document that it serves, and stops it.
 * @param root the folder of the product
 * @throws CommandError when it is not compiled, or does not start
 */
export async function servedDocument(root: string): Promise<unknown> {
  const main = programOf(root, 'run npm run build first, or name a document with --from');
  const folder = await mkdtemp(join(tmpdir(), 'fissile-api-'));
  const env = { ...process.env, DATA_DIR: folder, PORT: '0', TOPOLOGY: 'monolith', LOG_LEVEL: 'warn' };
  const program = spawn(process.execPath, [main], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => program.once('exit', resolve));
  try {
    const response = await fetch(`${await addressOf(program)}/docs-json`);
    return await response.json();
  } finally {
    program.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new CommandError('The product has no output.');
  for await (const line of createInterface({ input: stdout })) {
    const url = /is listening on (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new CommandError('The product ended before it listened; its output says why.');
}
