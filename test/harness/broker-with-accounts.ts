import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dropDatabases,
  outboxesDrained,
  startBroker,
  startTestServer,
  type TestServer,
} from '@fissile/kit/testing';
import { COMPONENTS, CONTEXTS, shop } from '#contracts';
import { placeConfirmedOrder, withSeparateApps } from './separate-apps.js';

/** The prefix of deploy/. */
export const PREFIX = 'fissile';

/** A broker of the caller with the accounts of deploy/, and one that may do everything. */
export interface BrokerWithAccounts {
  /** @param account the name of a process; without it, that of the account which may do everything */
  urlFor(account?: string): string;
  stop(): Promise<void>;
}

const SHARED = 'shared';
const passwordOf = (account: string): string => `${account}-12e34`;
/** As the variables that the servers of deploy/ start with. */
const PASSWORDS = Object.fromEntries(
  COMPONENTS.map((name) => [`${name.toUpperCase()}_BROKER_PASSWORD`, passwordOf(name)]),
);

export async function natsWithAccounts(): Promise<BrokerWithAccounts> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-nats-'));
  const accounts = readFileSync('deploy/nats/accounts.conf', 'utf8');
  const passwords = Object.entries(PASSWORDS).map(([name, password]) => `${name}: "${password}"\n`);
  const shared = `users: [ { user: ${SHARED}, password: "${passwordOf(SHARED)}" }`;
  writeFileSync(join(folder, 'accounts.conf'), passwords.join('') + accounts.replace('users: [', shared));
  writeFileSync(join(folder, 'nats.conf'), `jetstream { store_dir: "${folder}" }\ninclude ./accounts.conf\n`);
  const broker = await startBroker('nats', { folder });
  return {
    urlFor: (account = SHARED) => `nats://${account}:${passwordOf(account)}@${new URL(broker.url).host}`,
    stop: async () => {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function rabbitmqWithAccounts(): Promise<BrokerWithAccounts> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-rabbitmq-'));
  cpSync('deploy/rabbitmq', folder, { recursive: true });
  const edit = (file: string, from: string, to: string): void => replaceIn(join(folder, file), from, to);
  const definitions = join(folder, 'filled-in.json');
  edit('rabbitmq.conf', '/tmp/definitions.json', definitions);
  edit('start.sh', '/tmp/definitions.json', definitions);
  edit('start.sh', 'exec rabbitmq-server', '');
  const shared = { name: SHARED, password: passwordOf(SHARED), tags: '' };
  edit('definitions.json', '"users": [', `"users": [${JSON.stringify(shared)},`);
  const all = { user: SHARED, vhost: '/', configure: '.*', write: '.*', read: '.*' };
  edit('definitions.json', '"permissions": [', `"permissions": [${JSON.stringify(all)},`);
  execFileSync('bash', [join(folder, 'start.sh')], { env: { ...process.env, ...PASSWORDS } });
  // Debian's server runs as a user of its own.
  chmodSync(definitions, 0o644);
  const broker = await startBroker('rabbitmq', { folder });
  return {
    urlFor: (account = SHARED) => `amqp://${account}:${passwordOf(account)}@${new URL(broker.url).host}`,
    stop: async () => {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function redisWithAccounts(): Promise<BrokerWithAccounts> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-redis-'));
  const made = join(folder, 'made-from');
  cpSync('deploy/redis', made, { recursive: true });
  const start = join(made, 'start.sh');
  const users = join(folder, 'users.acl');
  replaceIn(start, '> /tmp/users.acl', `> ${users}`);
  replaceIn(start, 'exec redis-server', 'exit #');
  const all = `user ${SHARED} reset on >${passwordOf(SHARED)} +@all ~* &*`;
  replaceIn(join(made, 'users.acl'), 'user default', `${all}\nuser default`);
  execFileSync('bash', [start], { env: { ...process.env, ...PASSWORDS } });
  const broker = await startBroker('redis', { folder });
  return {
    urlFor: (account = SHARED) => `redis://${account}:${passwordOf(account)}@${new URL(broker.url).host}`,
    stop: async () => {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function replaceIn(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

/** Places an order in a shop each of whose processes has an account of its own at the broker. */
export async function orderOver(
  broker: BrokerWithAccounts,
  {
    setting,
    env,
  }: { setting: string; env: { readonly TRANSPORT: string } & Readonly<Record<string, string>> },
): Promise<ReadonlyMap<string, string>> {
  const server: TestServer = await startTestServer();
  const databasePrefix = `t${randomBytes(5).toString('hex')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-accounts-'));
  const databaseUrl = (context: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${databasePrefix}_${context}`;
    return url.href;
  };
  try {
    return await withSeparateApps(
      {
        databaseServerUrl: server.url,
        databasePrefix,
        dataDir,
        transport: env.TRANSPORT,
        folders: {},
        settingsOf: (app) => ({
          ...env,
          TRANSPORT_PREFIX: PREFIX,
          [setting]: broker.urlFor(app),
        }),
      },
      async (api) => {
        await placeConfirmedOrder(api);
        // What was sent was received by each context that handles it.
        await outboxesDrained({ product: shop, contexts: CONTEXTS, databaseUrl });
      },
    );
  } finally {
    await dropDatabases(server.url, databasePrefix);
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
