import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KafkaGate, makeTestCertificates, startBroker, startKafka } from '@fissile/kit/testing';

const run = promisify(execFile);
const SESSION_MS = 2_000;

/** A broker of the caller, which lets in whoever has one of its passwords. */
export interface BrokerWithUsers {
  /** The settings by which a product connects, but for the secret one. */
  readonly settings: Readonly<Record<string, string>>;
  /** The name of the setting that has the password. */
  readonly secret: string;
  /** Its value. */
  secretFor(password: string): string;
  /** From now on, that password is good too, or alone where a user has one. */
  add(password: string): Promise<void>;
  /** From now on, that password alone is good; connections that were made by another one end. */
  endOthers(password: string): Promise<void>;
  stop(): Promise<void>;
}

/** In NATS a user has one password, so each password has a user. */
export async function natsWithUsers(first: string): Promise<BrokerWithUsers> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-nats-'));
  const write = (...passwords: string[]): void => {
    const users = passwords.map((password) => `{ user: "shop-${password}", password: "${password}" }`);
    // An account of its own keeps its streams when its users change.
    const account = `{ jetstream: enabled, users: [ ${users.join(', ')} ] }`;
    const lines = [`jetstream { store_dir: "${folder}" }`, `accounts { SHOP: ${account} }`, ''];
    writeFileSync(join(folder, 'nats.conf'), lines.join('\n'));
  };
  const reload = (): void =>
    void process.kill(Number(readFileSync(join(folder, 'nats-server.pid'), 'utf8')), 'SIGHUP');
  write(first);
  const broker = await startBroker('nats', { folder });
  return {
    settings: {},
    secret: 'NATS_URL',
    secretFor: (password) => `nats://shop-${password}:${password}@${new URL(broker.url).host}`,
    add: async (password) => {
      write(first, password);
      reload();
    },
    endOthers: async (password) => {
      write(password);
      reload();
    },
    stop: async () => {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function rabbitmqWithUsers(first: string): Promise<BrokerWithUsers> {
  const broker = await startBroker('rabbitmq');
  const node = `fissile-test-${new URL(broker.url).port}@localhost`;
  const ctl = (...parameters: string[]) => run('rabbitmqctl', ['-q', '-n', node, ...parameters]);
  await ctl('add_user', 'shop', first);
  await ctl('set_permissions', 'shop', '.*', '.*', '.*');
  return {
    settings: {},
    secret: 'RABBITMQ_URL',
    secretFor: (password) => `amqp://shop:${password}@${new URL(broker.url).host}`,
    add: async (password) => void (await ctl('change_password', 'shop', password)),
    endOthers: async () => void (await ctl('close_all_user_connections', 'shop', 'the password has changed')),
    stop: () => broker.stop(),
  };
}

/** By TLS, and for two seconds with each sign-in. */
export async function kafkaWithUsers(first: string): Promise<BrokerWithUsers> {
  const certificates = makeTestCertificates();
  const kafka = await startKafka();
  const passwords = new Set([first]);
  const user = {
    name: 'shop',
    isPassword: (password: string) => passwords.has(password),
    sessionMs: SESSION_MS,
  };
  const gate = await KafkaGate.open(kafka, { certificates, user });
  return {
    settings: {
      KAFKA_BROKERS: gate.url,
      KAFKA_TLS_CA_FILE: certificates.ca,
      KAFKA_TLS_CERT_FILE: certificates.cert,
      KAFKA_TLS_KEY_FILE: certificates.key,
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: user.name,
    },
    secret: 'KAFKA_SASL_PASSWORD',
    secretFor: (password) => password,
    add: async (password) => void passwords.add(password),
    endOthers: async (password) => {
      for (const known of passwords) if (known !== password) passwords.delete(known);
    },
    stop: async () => {
      await gate.close();
      await kafka.stop();
      certificates.remove();
    },
  };
}
