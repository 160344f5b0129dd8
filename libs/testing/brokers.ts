import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFreePort } from '@fissile/kit/host';
import { findProgram, isInstalled } from './debian-packages.js';
import { KafkaMock } from './kafka-mock.js';
import { sendSignal } from './processes.js';
import { START_TIMEOUT_MS } from './program.js';
import type { TestCertificates } from './test-certificates.js';
import { until } from './until.js';

export const BROKERS = ['kafka', 'nats', 'rabbitmq', 'redis'] as const;

export type BrokerName = (typeof BROKERS)[number];

interface BrokerCommand {
  readonly parameters: string[];
  readonly env?: Record<string, string>;
}

interface BrokerKind {
  /** The environment variable that gives tests its URL. */
  readonly variable: string;
  /** The setting for its URL. */
  readonly setting: string;
  readonly defaultUrl: string;
  readonly debianPackage: string;
  readonly program: string;
  /**
   * The arguments and environment that make it listen on that port of loopback and store its files in that folder, where
   * it may find what else it is told: RabbitMQ in rabbitmq.conf, NATS in nats.conf, and Redis, of its users, in users.acl.
   */
  command?(port: number, folder: string, tls?: TestCertificates): BrokerCommand;
}

const KINDS: Record<BrokerName, BrokerKind> = {
  kafka: {
    variable: 'TEST_KAFKA_BROKERS',
    setting: 'KAFKA_BROKERS',
    defaultUrl: '127.0.0.1:9092',
    debianPackage: 'kcat',
    program: 'kcat',
  },
  nats: {
    variable: 'TEST_NATS_URL',
    setting: 'NATS_URL',
    defaultUrl: 'nats://127.0.0.1:4222',
    debianPackage: 'nats-server',
    program: 'nats-server',
    command: (port, folder, tls) => ({
      parameters: natsParameters(port, folder, tls),
    }),
  },
  rabbitmq: {
    variable: 'TEST_RABBITMQ_URL',
    setting: 'RABBITMQ_URL',
    defaultUrl: 'amqp://guest:guest@127.0.0.1:5672',
    debianPackage: 'rabbitmq-server',
    program: 'rabbitmq-server',
    command: (port, folder, tls) => ({
      parameters: [],
      env: {
        RABBITMQ_NODENAME: `fissile-test-${port}@localhost`,
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        ...(!tls && { RABBITMQ_NODE_PORT: `${port}` }),
        RABBITMQ_DIST_PORT: `${port + 1}`,
        RABBITMQ_MNESIA_BASE: folder,
        RABBITMQ_LOG_BASE: folder,
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'no-plugins'),
        // The machine's own configuration is for its system service.
        RABBITMQ_CONF_ENV_FILE: join(folder, 'no-environment'),
        RABBITMQ_CONFIG_FILE: tls ? rabbitmqConfig(port, folder, tls) : join(folder, 'rabbitmq.conf'),
      },
    }),
  },
  redis: {
    variable: 'TEST_REDIS_URL',
    setting: 'REDIS_URL',
    defaultUrl: 'redis://127.0.0.1:6379',
    debianPackage: 'redis-server',
    program: 'redis-server',
    command: (port, folder, tls) => ({
      parameters: [
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--save',
        '',
        '--port',
        tls ? '0' : `${port}`,
        ...(tls ? redisFiles(port, tls) : []),
        ...(existsSync(join(folder, 'users.acl')) ? ['--aclfile', join(folder, 'users.acl')] : []),
      ],
    }),
  },
};

/** With nats.conf in its folder, that says the rest; NATS reads it again when it gets a SIGHUP. */
function natsParameters(port: number, folder: string, tls?: TestCertificates): string[] {
  const parameters = ['-a', '127.0.0.1', '-p', `${port}`, '-P', join(folder, 'nats-server.pid')];
  const config = join(folder, 'nats.conf');
  if (existsSync(config)) parameters.push('-c', config);
  else parameters.push('-js', '-sd', folder);
  if (tls) parameters.push('--tlsverify', '--tlscacert', tls.ca, '--tlscert', tls.cert, '--tlskey', tls.key);
  return parameters;
}

function redisFiles(port: number, { ca, cert, key }: TestCertificates): string[] {
  return ['--tls-port', `${port}`, '--tls-ca-cert-file', ca, '--tls-cert-file', cert, '--tls-key-file', key];
}

function rabbitmqConfig(port: number, folder: string, { ca, cert, key }: TestCertificates): string {
  const lines = [
    'listeners.tcp = none',
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${ca}`,
    `ssl_options.certfile = ${cert}`,
    `ssl_options.keyfile = ${key}`,
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = true',
  ];
  const path = join(folder, 'tls.conf');
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o644 });
  return path;
}

export interface RunningBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/** The broker's URL for tests; undefined when it is unavailable, which is logged, and fails where CI is true. */
export function brokerUrl(name: BrokerName): string | undefined {
  const { variable, defaultUrl } = KINDS[name];
  const url = process.env[variable] ?? defaultUrl;
  if (url !== '') return url;
  if (process.env['CI'] === 'true') throw new Error(`${name} is required and not available`);
  console.warn(`SKIPPED: ${name} is neither running nor installed, so its tests do not run`);
  return undefined;
}

/** The settings for the product to connect to the available brokers. */
export function brokerSettings(): Record<string, string> {
  const found = BROKERS.map((name) => [
    KINDS[name].setting,
    process.env[KINDS[name].variable] ?? KINDS[name].defaultUrl,
  ]);
  return Object.fromEntries(found.filter(([, url]) => url !== '')) as Record<string, string>;
}

/**
 * The broker that runs on this machine, or one that the tests start from Debian's package, which is installed when it
 * is missing and the machine permits it.
 */
export async function provideBroker(name: BrokerName): Promise<RunningBroker & { variable: string }> {
  const { variable, defaultUrl } = KINDS[name];
  const given = process.env[variable];
  if (given !== undefined) return { variable, url: given, stop: async () => undefined };
  if (await answers(portOf(defaultUrl))) {
    return { variable, url: defaultUrl, stop: async () => undefined };
  }
  if (!isInstalled(KINDS[name])) return { variable, url: '', stop: async () => undefined };
  const own = await startBroker(name);
  return { variable, url: own.url, stop: () => own.stop() };
}

/** Starts a mock Kafka cluster for the caller. */
export async function startKafka(): Promise<KafkaMock> {
  return KafkaMock.start(findProgram(KINDS.kafka.program), await freePort());
}

/**
 * Starts a broker for the caller, on a free port or the given one, with a new data folder or the given one.
 * @param wanted.tls it takes connections by TLS alone, of clients with a certificate
 */
export async function startBroker(
  name: BrokerName,
  wanted: { port?: number; folder?: string; tls?: TestCertificates } = {},
): Promise<RunningBroker> {
  const { program, command, defaultUrl } = KINDS[name];
  const port = wanted.port ?? (await freePort());
  if (!command) return KafkaMock.start(findProgram(program), port);
  const folder = wanted.folder ?? mkdtempSync(join(tmpdir(), `fissile-${name}-`));
  // Debian's scripts run some brokers as a dedicated user.
  chmodSync(folder, 0o777);
  const { parameters, env } = command(port, folder, wanted.tls);
  const child = spawn(findProgram(program), parameters, {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
  });
  await until(`${name} listens`, () => answers(port), START_TIMEOUT_MS);
  const url = defaultUrl.replace(/\d+$/, String(port));
  return {
    url,
    stop: async () => {
      // A graceful stop, so that all persisted data is there after a restart.
      await stop(child, port, folder, wanted.folder ? 'SIGTERM' : 'SIGKILL');
      if (!wanted.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The last port, of a URL that may list several. */
export function portOf(url: string): number {
  return Number(/:(\d+)\/?$/.exec(url)?.[1]);
}

/** A free port whose successor is free too: RabbitMQ uses the next port for its cluster nodes. */
export function freePort(): Promise<number> {
  return claimFreePort(2);
}

async function stop(
  child: ChildProcess,
  port: number,
  folder: string,
  signal: NodeJS.Signals,
): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  // Some are started by a script, in a session that signals to the script do not reach; they write pid files.
  const pidFiles = readdirSync(folder).filter((file) => file.endsWith('.pid'));
  for (const file of pidFiles) sendSignal(Number(readFileSync(join(folder, file), 'utf8')), signal);
  if (child.pid !== undefined && child.exitCode === null) {
    sendSignal(-child.pid, signal);
    await ended;
  }
  await until('the broker has stopped', async () => !(await answers(port)), START_TIMEOUT_MS);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
