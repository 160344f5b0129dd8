import { internalTlsOf } from '../internal-tls.js';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { GrpcClient } from './grpc-client.js';
import { GrpcServer } from './grpc-server.js';

/** Calls over HTTP/2: deadlines and cancellation in the protocol, and clients in every language. */
export function grpcTransport(settings: TransportSettings): RpcTransport {
  const { GRPC_CALLS: calls, CALL_LIMIT_BYTES: limit } = settings;
  const files = internalTlsOf(settings);
  return {
    broker: undefined,
    clientKey: ({ address, port }) => `${address}:${port}`,
    connect: (target, services) => new GrpcClient(target, services, { calls, limit, files }),
    serve: (serving, handler) => new GrpcServer(serving, handler, { limit, files }),
  };
}
