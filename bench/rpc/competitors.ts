import { randomBytes } from 'node:crypto';
import { freePort } from '@fissile/kit/testing';
import { type Brokers, type Transport, TRANSPORTS } from './brokers.js';

/** A program that makes the measured call. */
export interface Competitor {
  readonly name: string;
  /** The transport of its calls: `over grpc`. */
  readonly way: string;
  /** The name of its baseline: the bare client over the same transport. */
  readonly base: string;
  /** One of programs/. */
  readonly program: string;
  /** The roles of its processes, the caller's first. */
  readonly roles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const TWO_SIDES = ['caller', 'callee'];
const NO_WAY_OUT = { way: 'inside one process', base: 'structuredClone' };

/** The setting that holds the broker's address. */
const ADDRESS_OF: Partial<Record<Transport, string>> = {
  nats: 'NATS_URL',
  rmq: 'RABBITMQ_URL',
  redis: 'REDIS_URL',
};

const SETTINGS = {
  LOG_LEVEL: 'warn',
  // Nothing is stored, so there is no server.
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
};

/** All competitors whose brokers are available. */
export async function listContestants(brokers: Brokers): Promise<Competitor[]> {
  const all = [
    await fissileAlone(),
    { ...NO_WAY_OUT, name: 'structuredClone', program: 'clone', roles: ['caller'], env: {} },
  ];
  for (const transport of TRANSPORTS) {
    const broker = brokers.addressFor(transport);
    if (broker === undefined) continue;
    all.push(await fissileOver(transport, broker));
    if (transport === 'grpc') all.push(await fissileOver(transport, broker, { GRPC_CALLS: 'unary' }));
    all.push(await bare(`Nest ${transport}`, 'plain-nest', transport, broker));
    if (transport === 'grpc') all.push(await bare('grpc-js', 'bare-grpc', transport));
    if (transport === 'tcp') all.push(await bare('Moleculer tcp', 'moleculer-tcp', transport));
  }
  return all;
}

async function fissileAlone(): Promise<Competitor> {
  const env = { TOPOLOGY: 'monolith', PORT: String(await freePort()), ...SETTINGS };
  return { ...NO_WAY_OUT, name: 'fissile', program: 'fissile', roles: ['both'], env };
}

async function fissileOver(
  transport: Transport,
  broker: string,
  chosen: Readonly<Record<string, string>> = {},
): Promise<Competitor> {
  const endpoints = [await placeOfProcess(), await placeOfProcess()];
  const setting = ADDRESS_OF[transport];
  const env = {
    ...SETTINGS,
    TRANSPORT: transport,
    TRANSPORT_PREFIX: `b${randomBytes(4).toString('hex')}`,
    INTERNAL_AUTH_SECRET: randomBytes(32).toString('hex'),
    // The caller's process replaces the gateway, and also hosts users.
    PROCESS_ADDRESSES: `gateway=${endpoints[0]},users=${endpoints[0]},products=${endpoints[1]}`,
    ...(setting !== undefined && { [setting]: broker }),
    ...chosen,
  };
  const name = ['fissile', transport, ...Object.values(chosen)].join(' ');
  return { ...wayOver(transport), name, program: 'fissile', roles: TWO_SIDES, env };
}

/** Its address and its two ports. */
async function placeOfProcess(): Promise<string> {
  return `127.0.0.1:${await freePort()}:${await freePort()}`;
}

async function bare(name: string, program: string, transport: Transport, broker = ''): Promise<Competitor> {
  const env = { BENCH_PORT: String(await freePort()), BENCH_TRANSPORT: transport, BENCH_BROKER: broker };
  return { ...wayOver(transport), name, program, roles: TWO_SIDES, env };
}

function wayOver(transport: Transport): Pick<Competitor, 'way' | 'base'> {
  return { way: `over ${transport}`, base: transport === 'grpc' ? 'grpc-js' : `Nest ${transport}` };
}
