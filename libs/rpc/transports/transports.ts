import { missingPackages } from '@fissile/kit/host';
import type { RpcTransport } from './rpc.js';
import type { TransportName, TransportSettings } from './transport.settings.js';

/** The transport cannot start with these settings; the message says how to fix it. */
export class TransportStartError extends Error {
  override readonly name = 'TransportStartError';
}

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
 * @throws TransportStartError when a required driver is not installed
 */
export async function transportOf(settings: TransportSettings): Promise<RpcTransport> {
  const name = settings.TRANSPORT;
  const missing = missingPackages(DRIVERS[name]);
  if (missing.length > 0) {
    const packages = missing.join(' ');
    throw new TransportStartError(
      `TRANSPORT ${name} needs packages that are missing: npm install ${packages}`,
    );
  }
  return LOADERS[name](settings);
}
