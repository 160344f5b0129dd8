import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { GrpcClient } from './grpc-client.js';
import { GrpcServer } from './grpc-server.js';

/** Calls over HTTP/2: deadlines and cancellation in the protocol, and clients in every language. */
export function grpcTransport(settings: TransportSettings): RpcTransport {
  return {
    broker: undefined,
    clientKey: ({ address, port }) => `${address}:${port}`,
    connect: (target, services) => new GrpcClient(target, services, settings),
    serve: (serving, handler) => new GrpcServer(serving, handler, settings),
  };
}
