import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTEXTS } from '#contracts';
import { dropDatabases, freePort, Program, startTestServer } from '@fissile/kit/testing';
import { appProgram } from '../../test/harness/app-program.js';

/** A proxy that is requested for paths of the upstream. */
export interface ProxyContestant {
  readonly name: string;
  readonly url: string;
  /** The ids of its own processes, without the upstream's. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

export interface Edge extends ProxyContestant {
  /** The access token of a customer. */
  readonly token: string;
}

/** One of the programs in this folder. */
export async function startBeside(name: string, program: string, upstream = ''): Promise<ProxyContestant> {
  const server = new Program(`dist/bench/proxy/${program}.js`, {
    NODE_ENV: 'production',
    BENCH_UPSTREAM: upstream,
  });
  return { name, url: await server.listens(), pids: () => pidsOf(server), stop: () => end(server) };
}

/**
 * The Fissile gateway as a separate process, with the process of users, which issues and revokes the tokens; the
 * upstream replaces inventory.
 */
export async function startGateway(upstream: string): Promise<Edge> {
  const database = await startTestServer();
  const prefix = `b${randomBytes(5).toString('hex')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-edge-'));
  const unusedPort = await freePort();
  const endpoints = new Map<string, string>(
    [...CONTEXTS].map((name) => [name, `127.0.0.1:${unusedPort}:${unusedPort}`]),
  );
  endpoints.set('inventory', `127.0.0.1:${new URL(upstream).port}:${unusedPort}`);
  endpoints.set('users', `127.0.0.1:${await freePort()}:${await freePort()}`);
  endpoints.set('gateway', `127.0.0.1:${await freePort()}:${unusedPort}`);
  const env = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DATABASE_NAME_PREFIX: prefix,
    ACCESS_TOKEN_MINUTES: '60',
    INTERNAL_AUTH_SECRET: randomBytes(32).toString('hex'),
    PROCESS_ADDRESSES: [...endpoints].map(([name, address]) => `${name}=${address}`).join(','),
    // Limits are checked as usual; they are too high to be reached.
    THROTTLE_ENABLED: 'true',
    THROTTLE_RATE: '1000000',
    THROTTLE_BURST: '1000000',
  };
  const users = new Program(appProgram('users'), env);
  await users.listens();
  const gateway = new Program(appProgram('gateway'), env);
  const url = await gateway.listens();
  return {
    name: 'fissile, authentication and limit on',
    url,
    token: await registerAndLogIn(url),
    pids: () => pidsOf(gateway),
    stop: async () => {
      await Promise.all([end(gateway), end(users)]);
      await dropDatabases(database.url, prefix);
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function registerAndLogIn(url: string): Promise<string> {
  const customer = { email: 'proxy@shop.example', password: 'a long enough pass phrase' };
  await post(`${url}/api/users`, { ...customer, name: 'A customer' });
  const { accessToken } = await post(`${url}/api/auth/login`, customer);
  return String(accessToken);
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

function pidsOf({ pid }: Program): number[] {
  return pid === undefined ? [] : [pid];
}

async function end(program: Program): Promise<void> {
  await program.stop('SIGKILL');
}
