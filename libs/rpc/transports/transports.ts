import { requirePackages } from '@fissile/kit/host';
import type { RpcTransport } from './rpc.js';
import type { TransportName, TransportSettings } from './transport.settings.js';

/** Each transport is loaded with its driver only when it is selected. */
const LOADERS: Record<TransportName, (settings: TransportSettings) => Promise<RpcTransport>> = {
  grpc: async (settings) => (await import('./grpc/grpc-transport.js')).grpcTransport(settings),
  tcp: async (settings) => (await import('./packets/tcp-transport.js')).tcpTransport(settings),
  nats: async (settings) => (await import('./packets/nats-transport.js')).natsTransport(settings),
  rmq: async (settings) => (await import('./packets/rmq-transport.js')).rmqTransport(settings),
  redis: async (settings) => (await import('./packets/redis-transport.js')).redisTransport(settings),
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
 * @throws MissingPackagesError when a required driver is not installed
 */
export async function transportOf(settings: TransportSettings): Promise<RpcTransport> {
  const name = settings.TRANSPORT;
  requirePackages(`TRANSPORT=${name}`, DRIVERS[name]);
  return LOADERS[name](settings);
}
