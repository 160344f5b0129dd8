import { type Client, type ClientUnaryCall, Metadata, type ServiceError } from '@grpc/grpc-js';
import { ClientGrpcProxy } from '@nestjs/microservices';
import { asError } from '../as-error.js';
import type { CallTarget, OutgoingCall, RpcClient, ServedService } from '../rpc.js';
import { fromGrpcError } from './grpc-status.js';
import { describeServices, packagesOf } from './service-package.js';

type Method = (
  this: Client,
  body: Uint8Array,
  metadata: Metadata,
  options: { deadline: number },
  answered: (error: ServiceError | null, body?: Buffer) => void,
) => ClientUnaryCall;

type ServiceClient = Client & Readonly<Record<string, Method | undefined>>;

/** A context that comes back is called again within about a second, not after the library's two minutes. */
const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  // Nobody reads these statistics, and each call would pay for them.
  'grpc.enable_channelz': 0,
};

/** Calls one process over gRPC. */
export class GrpcClient implements RpcClient {
  private readonly proxy: ClientGrpcProxy;
  private readonly clients = new Map<string, ServiceClient>();

  constructor({ address, port }: CallTarget, services: readonly ServedService[]) {
    this.proxy = new ClientGrpcProxy({
      url: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
      package: packagesOf(services),
      packageDefinition: describeServices(services),
      channelOptions: CHANNEL,
    });
    for (const { fullName, name } of services) {
      this.clients.set(fullName, this.proxy.getClientByServiceName<ServiceClient>(name));
    }
  }

  /** Nest's own methods would wrap each answer in a stream; what it has built is called without them. */
  call({ context, service, method, body, metadata, timeoutMs, ending }: OutgoingCall): Promise<Uint8Array> {
    const headers = new Metadata();
    for (const key in metadata) headers.set(key, metadata[key] as string);
    return new Promise((resolve, reject) => {
      const client = this.clients.get(service);
      const make = client?.[method];
      if (!client || !make) throw new Error(`${service} has no method ${method}`);
      const answered = (error: ServiceError | null, answer?: Buffer): void => {
        ending.offEnd(leave);
        if (error) reject(fromGrpcError(error, context));
        else resolve(answer as Buffer);
      };
      const deadline = Date.now() + timeoutMs;
      const call = withoutStack(() => make.call(client, body, headers, { deadline }, answered));
      // Leaving the call tells the far side, which stops working for it.
      const leave = (): void => {
        reject(asError(ending.reason));
        call.cancel();
      };
      ending.onEnd(leave);
    });
  }

  async close(): Promise<void> {
    this.proxy.close();
  }
}

/** The library keeps the stack of each call for the error of one that fails, whose stack nobody sees. */
function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
