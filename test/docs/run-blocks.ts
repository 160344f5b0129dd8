import { execFile } from 'node:child_process';
import type { Shop } from '../harness/shop.js';
import type { CommandBlock } from './markdown.js';
import { SCRIPTS } from './project.js';

/** The shop's address, its data folder, and the process to kill, as the pages write them. */
const PRINTED = { url: 'http://127.0.0.1:3000', dataDir: '.data/', pid: /\b12345\b/g };

const TIMEOUT_MS = 60_000;

export interface Run {
  readonly code: number;
  readonly output: string;
}

/** Runs the commands of one page in one shell, as a reader does who pastes them one after the other. */
export function runBlocks(blocks: readonly CommandBlock[], shop: Shop): Promise<Run> {
  const env = {
    PATH: process.env['PATH'],
    FISSILE_URL: shop.url,
    DATA_DIR: shop.dataDir,
    ...(blocks.some(({ text }) => text.includes('$ADMIN_')) && adminOf(shop)),
  };
  const script = ['set -euo pipefail', ...blocks.map(({ text }) => asRun(text, shop))].join('\n');
  return new Promise((resolve) => {
    execFile('bash', ['--norc', '-c', script], { env, timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
}

/** For pages whose reader has set it; the tools of the others find the admin in the data folder. */
function adminOf(shop: Shop): Record<string, string> {
  const { email = '', password = '' } = JSON.parse(shop.readDataFile('admin-credentials.json')) as Record<
    string,
    string
  >;
  return { ADMIN_EMAIL: email, ADMIN_PASSWORD: password };
}

/** The commands against this shop, without building what is already built for the tests. */
function asRun(text: string, shop: Shop): string {
  return text
    .replaceAll(PRINTED.url, shop.url)
    .replaceAll(PRINTED.dataDir, `${shop.dataDir}/`)
    .replaceAll(PRINTED.pid, String(shop.pids().get('orders')))
    .replaceAll(/\bnpm run (?:--silent )?([\w:-]+)(?: --(?= ))?/g, (_command, script: string) =>
      programOf(script),
    );
}

function programOf(script: string): string {
  const program = SCRIPTS[script]?.split(' && ').at(-1) ?? '';
  if (!program.startsWith('node dist/')) throw new Error(`npm run ${script} is more than one program`);
  return program.replace('node', process.execPath);
}
