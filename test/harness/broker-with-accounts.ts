import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '@fissile/kit/testing';
import { COMPONENTS } from '#contracts';

/** A broker of the caller with the accounts of deploy/, and one that may do everything. */
export interface BrokerWithAccounts {
  /** @param account the name of a process; without it, that of the account which may do everything */
  urlFor(account?: string): string;
  stop(): Promise<void>;
}

const SHARED = 'shared';
const passwordOf = (account: string): string => `${account}-12e34`;

export async function natsWithAccounts(): Promise<BrokerWithAccounts> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-nats-'));
  const accounts = readFileSync('deploy/nats/accounts.conf', 'utf8');
  const passwords = COMPONENTS.map(
    (name) => `${name.toUpperCase()}_BROKER_PASSWORD: "${passwordOf(name)}"\n`,
  );
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
  const edit = (file: string, from: string, to: string): void => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, text.replace(from, to));
  };
  const definitions = join(folder, 'filled-in.json');
  edit('rabbitmq.conf', '/tmp/definitions.json', definitions);
  edit('start.sh', '/tmp/definitions.json', definitions);
  edit('start.sh', 'exec rabbitmq-server', '');
  const shared = { name: SHARED, password: passwordOf(SHARED), tags: '' };
  edit('definitions.json', '"users": [', `"users": [${JSON.stringify(shared)},`);
  const all = { user: SHARED, vhost: '/', configure: '.*', write: '.*', read: '.*' };
  edit('definitions.json', '"permissions": [', `"permissions": [${JSON.stringify(all)},`);
  const passwords = COMPONENTS.map((name) => [`${name.toUpperCase()}_BROKER_PASSWORD`, passwordOf(name)]);
  execFileSync('bash', [join(folder, 'start.sh')], {
    env: { ...process.env, ...Object.fromEntries(passwords) },
  });
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
