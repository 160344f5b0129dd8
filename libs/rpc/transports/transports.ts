import { requirePackages } from '@fissile/kit/host';
import type { BrokerSecret } from '../broker-secret.js';
import { BrokerFrameSeal, type FrameSeal, NO_SEAL } from './packets/frame-seal.js';
import type { RpcTransport } from './rpc.js';
import type { TransportName, TransportSettings } from './transport.settings.js';

/** Each transport is loaded with its driver only when it is selected. */
type Load = (settings: TransportSettings, seal: FrameSeal, process?: string) => Promise<RpcTransport>;

const LOADERS: Record<TransportName, Load> = {
  grpc: async (settings) => (await import('./grpc/grpc-transport.js')).grpcTransport(settings),
  tcp: async (settings) => (await import('./packets/tcp-transport.js')).tcpTransport(settings),
  nats: async (settings, seal, process) =>
    (await import('./packets/nats-transport.js')).natsTransport(settings, seal, process),
  rmq: async (settings, seal) => (await import('./packets/rmq-transport.js')).rmqTransport(settings, seal),
  redis: async (settings, seal, process) =>
    (await import('./packets/redis-transport.js')).redisTransport(settings, seal, process),
};

const DRIVERS: Record<TransportName, readonly string[]> = {
  grpc: ['@grpc/grpc-js', '@grpc/proto-loader', '@grpc/reflection', 'grpc-health-check'],
  tcp: [],
  nats: ['@nats-io/transport-node'],
  rmq: ['amqplib', 'amqp-connection-manager'],
  redis: ['ioredis'],
};

/**
 * The transport that TRANSPORT selects.
 * @param secret by which frames that go through a broker are encrypted; without it they are not
 * @param process the one that calls, to whom a broker brings its answers
 * @throws MissingPackagesError when a required driver is not installed
 */
export async function transportOf(
  settings: TransportSettings,
  secret?: BrokerSecret,
  process?: string,
): Promise<RpcTransport> {
  const name = settings.TRANSPORT;
  requirePackages(`TRANSPORT=${name}`, DRIVERS[name]);
  return LOADERS[name](settings, secret ? new BrokerFrameSeal(secret, settings) : NO_SEAL, process);
}
