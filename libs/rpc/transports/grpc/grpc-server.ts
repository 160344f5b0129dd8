import { logVerbosity, type sendUnaryData, type Server, setLogVerbosity } from '@grpc/grpc-js';
import { setTimeout as pause } from 'node:timers/promises';
import { ContextError } from '@fissile/kit/contract';
import { CONTEXT } from '@fissile/kit/request';
import { CancellationToken } from '@fissile/kit/async';
import { NestGrpcServer, type UnaryCall } from '../nest/nest-grpc.js';
import type { RpcHandler, RpcServer, ServedService, Serving } from '../rpc.js';
import { longestPack } from './call-stream.js';
import { admission, headersOf } from './grpc-admission.js';
import { serverCredentials } from './grpc-credentials.js';
import { addHealth } from './grpc-health.js';
import { addReflection } from './grpc-reflection.js';
import { listening } from '../listening.js';
import type { GrpcOptions } from './grpc-client.js';
import { toGrpcStatus } from './grpc-status.js';
import { ServedStreams } from './served-streams.js';
import { describeServices, packagesOf } from './service-package.js';

const CLOSE_WITHIN_MS = 2_000;

/**
 * Serves contracts over gRPC, with the standard health service and reflection. The other processes of the product
 * call by streams; all other clients call the methods of the contracts.
 */
export class GrpcServer implements RpcServer {
  private readonly server: NestGrpcServer;
  private readonly streams: ServedStreams;
  private readonly place: Pick<Serving, 'host' | 'port'>;
  private connected = false;

  constructor(
    { host, port, services, admit, protoFolder }: Serving,
    handler: RpcHandler,
    { limit, files }: Omit<GrpcOptions, 'calls'>,
  ) {
    this.place = { host, port };
    // This process logs errors itself, once.
    setLogVerbosity(logVerbosity.NONE);
    this.streams = new ServedStreams(handler);
    this.server = new NestGrpcServer({
      url: `${host}:${port}`,
      package: packagesOf(services),
      packageDefinition: describeServices(services),
      credentials: serverCredentials(files),
      gracefulShutdown: true,
      maxReceiveMessageLength: longestPack(limit),
      // Nothing reads channelz statistics, and each call would pay for them.
      channelOptions: {
        'grpc.enable_channelz': 0,
        ...(admit && { interceptors: [admission(admit, services)] }),
      },
      onLoadPackageDefinition: (_definition: unknown, server: Server) => {
        addHealth(server, services);
        addReflection(server, services, protoFolder);
        this.streams.addToServer(server);
      },
    });
    for (const service of services) {
      for (const method of service.methods) this.serve(service, method, handler);
    }
  }

  async listen(): Promise<void> {
    await listening(this.server).catch((error: Error) => {
      throw this.explain(error);
    });
    this.connected = true;
  }

  isConnected(): boolean {
    return this.connected;
  }

  async close(): Promise<void> {
    this.connected = false;
    await this.streams.close();
    const closed = this.server.close();
    // A client that keeps its connection open would block the shutdown.
    await Promise.race([closed, pause(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }

  /** The library reports a port in use only in the message; callers check for Node's error code. */
  private explain(error: Error): Error {
    if (!error.message.includes('EADDRINUSE')) return error;
    const { host: address, port } = this.place;
    return Object.assign(new Error(`${address}:${port} is taken`), { code: 'EADDRINUSE', address, port });
  }

  private serve(service: ServedService, method: string, handler: RpcHandler): void {
    const to = { service: service.fullName, method };
    const serve = (call: UnaryCall, respond: sendUnaryData<Buffer>): Promise<void> =>
      answer(handler, to, call).then((body) => respond(null, body), respond);
    this.server.addMethod(service, method, serve);
  }
}

/** @throws the gRPC status of a failed call */
async function answer(
  handler: RpcHandler,
  { service, method }: { service: string; method: string },
  call: UnaryCall,
): Promise<Buffer> {
  const cancellation = new CancellationToken();
  const leave = (): void => cancellation.cancel(ContextError.of('cancelled'));
  call.on('cancelled', leave);
  const metadata = headersOf(call.metadata);
  const deadline = Number(call.getDeadline());
  const timeoutMs = Number.isFinite(deadline) ? deadline - Date.now() : undefined;
  try {
    const context = metadata[CONTEXT];
    const body = await handler({
      context,
      service,
      method,
      body: call.request,
      metadata,
      timeoutMs,
      cancellation,
    });
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  } catch (error) {
    throw toGrpcStatus(error);
  } finally {
    // The library emits `cancelled` at the end of each call, whatever its outcome.
    call.off('cancelled', leave);
  }
}
