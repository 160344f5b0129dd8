import { type Client, type ClientUnaryCall, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ClientGrpcProxy } from '@nestjs/microservices';
import { asError } from '@fissile/kit/async';
import type { OutgoingCall, ServedService } from '../rpc.js';
import { fromGrpcError } from './grpc-status.js';

type Method = (
  this: Client,
  body: Uint8Array,
  metadata: Metadata,
  options: { deadline: number },
  answered: (error: ServiceError | null, body?: Buffer) => void,
) => ClientUnaryCall;

type ServiceClient = Client & Readonly<Record<string, Method | undefined>>;

/** Calls the methods of contracts, as any gRPC client does. */
export class MethodCalls {
  private readonly clients: ReadonlyMap<string, ServiceClient>;

  /** @param onFailure gets the status of each call that failed */
  constructor(
    proxy: ClientGrpcProxy,
    services: readonly ServedService[],
    private readonly onFailure: (error: ServiceError) => void,
  ) {
    this.clients = new Map(
      services.map(({ fullName, name }) => [fullName, proxy.getClientByServiceName<ServiceClient>(name)]),
    );
  }

  /** Nest's own methods would wrap each response in an observable; this calls the underlying client directly. */
  call(call: OutgoingCall): Promise<Uint8Array> {
    const { context, service, method, body, metadata, timeoutMs, cancellation } = call;
    const headers = new Metadata();
    for (const key in metadata) headers.set(key, metadata[key] as string);
    return new Promise((resolve, reject) => {
      const client = this.clients.get(service);
      const make = client?.[method];
      if (!client || !make) throw new Error(`${service} has no method ${method}`);
      const answered = (error: ServiceError | null, answer?: Buffer): void => {
        cancellation.offCancel(leave);
        if (error) {
          this.onFailure(error);
          reject(fromGrpcError(error, context));
        } else resolve(answer as Buffer);
      };
      const deadline = Date.now() + timeoutMs;
      const made = make.call(client, body, headers, { deadline }, answered);
      // Cancelling the call notifies the remote side, which stops working on it.
      const leave = (): void => {
        reject(asError(cancellation.reason));
        made.cancel();
      };
      cancellation.onCancel(leave);
    });
  }
}
