import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { ClientGrpcProxy } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { CallTarget, OutgoingCall, RpcClient, ServedService } from '../rpc.js';
import { fromGrpcError } from './grpc-status.js';
import { describeServices, packagesOf } from './service-package.js';

type Method = (body: Uint8Array, metadata: Metadata, options: { deadline: number }) => Observable<Buffer>;

/** A context that comes back is called again within about a second, not after the library's two minutes. */
const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
};

/** Calls one process over gRPC. */
export class GrpcClient implements RpcClient {
  private readonly proxy: ClientGrpcProxy;
  private readonly methods = new Map<string, Record<string, Method>>();

  constructor({ address, port }: CallTarget, services: readonly ServedService[]) {
    this.proxy = new ClientGrpcProxy({
      url: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
      package: packagesOf(services),
      packageDefinition: describeServices(services),
      channelOptions: CHANNEL,
    });
    for (const { fullName, name } of services) {
      this.methods.set(fullName, this.proxy.getService<Record<string, Method>>(name));
    }
  }

  call({ context, service, method, body, metadata, timeoutMs, signal }: OutgoingCall): Promise<Uint8Array> {
    const headers = new Metadata();
    for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
    return new Promise((resolve, reject) => {
      const call = this.methods.get(service)?.[method];
      if (!call) throw new Error(`${service} has no method ${method}`);
      const subscription = call(body, headers, { deadline: Date.now() + timeoutMs }).subscribe({
        next: resolve,
        error: (error: ServiceError) => reject(fromGrpcError(error, context)),
        complete: () => signal.removeEventListener('abort', abort),
      });
      // Leaving the call tells the far side, which stops working for it.
      const abort = (): void => {
        subscription.unsubscribe();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  async close(): Promise<void> {
    this.proxy.close();
  }
}
