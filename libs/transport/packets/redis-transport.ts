import { ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { HeardClientRedis } from './heard-client-redis.js';
import type { CallPacket } from './packet.js';
import { PacketClient } from './packet-client.js';
import { PacketServer } from './packet-server.js';

/** Calls over publish and subscribe of Redis. */
export function redisTransport({ TRANSPORT_PREFIX: prefix, REDIS_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'redis',
    clientKey: () => 'redis',
    connect: () => new PacketClient(new HeardClientRedis(connectionTo(REDIS_URL)), prefix),
    serve: ({ contexts }, handler) => {
      const listener = new ServerRedis(connectionTo(REDIS_URL));
      const claim = (packet: CallPacket) => leaveMark(listener, prefix, packet);
      return new PacketServer(listener, { prefix, contexts, claim }, handler);
    },
  };
}

function connectionTo(url: string) {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    ...(protocol === 'rediss:' && { tls: {} }),
    retryAttempts: Number.MAX_SAFE_INTEGER,
    retryDelay: 500,
    connectTimeout: 3_000,
  };
}

/** Every instance of a context hears a published call; the first to leave its mark serves it. */
async function leaveMark(listener: ServerRedis, prefix: string, packet: CallPacket): Promise<boolean> {
  const [publisher] = listener.unwrap<[Redis, Redis]>();
  const keepMs = Math.ceil(packet.timeoutMs) + 1_000;
  return (await publisher.set(`${prefix}:claimed-call:${packet.id}`, '1', 'PX', keepMs, 'NX')) === 'OK';
}
