import {
  logVerbosity,
  type Metadata,
  type Server,
  type ServerUnaryCall,
  setLogVerbosity,
} from '@grpc/grpc-js';
import { ServerGrpc } from '@nestjs/microservices';
import { from, type Observable } from 'rxjs';
import { CONTEXT } from '../call-metadata.js';
import type { RpcHandler, RpcServer, ServedService, Serving } from '../rpc.js';
import { addHealth, addReflection } from './grpc-standards.js';
import { listening } from '../listening.js';
import { toGrpcStatus } from './grpc-status.js';
import { describeServices, packagesOf } from './service-package.js';

const CLOSE_WITHIN_MS = 2_000;

type Call = ServerUnaryCall<Buffer, Buffer>;

/** Serves contracts over gRPC, with the standard health service and reflection. */
export class GrpcServer implements RpcServer {
  private readonly server: ServerGrpc;
  private readonly place: Pick<Serving, 'host' | 'port'>;
  private connected = false;

  constructor({ host, port, services }: Serving, handler: RpcHandler) {
    this.place = { host, port };
    // What goes wrong is told by us, once.
    setLogVerbosity(logVerbosity.NONE);
    this.server = new ServerGrpc({
      url: `${host}:${port}`,
      package: packagesOf(services),
      packageDefinition: describeServices(services),
      gracefulShutdown: true,
      onLoadPackageDefinition: (_definition: unknown, server: Server) => {
        addHealth(server, services);
        addReflection(server, services);
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
    const closed = this.server.close();
    // A client that keeps its connection open would keep us.
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref())]);
  }

  /** The library tells a port that is taken in words alone; elsewhere Node's code is looked for. */
  private explain(error: Error): Error {
    if (!error.message.includes('EADDRINUSE')) return error;
    const { host: address, port } = this.place;
    return Object.assign(new Error(`${address}:${port} is taken`), { code: 'EADDRINUSE', address, port });
  }

  private serve({ name, fullName }: ServedService, method: string, handler: RpcHandler): void {
    const pattern = { service: name, rpc: method, streaming: 'no_stream' };
    const serve = (body: Buffer, metadata: Metadata, call: Call): Observable<Buffer> =>
      from(answer(handler, { service: fullName, method }, body, metadata, call));
    this.server.addHandler(pattern, serve as never);
  }
}

async function answer(
  handler: RpcHandler,
  { service, method }: { service: string; method: string },
  body: Buffer,
  metadata: Metadata,
  call: Call,
): Promise<Buffer> {
  const left = new AbortController();
  call.on('cancelled', () => left.abort());
  const entries = Object.entries(metadata.getMap()).map(([key, value]) => [key, value.toString()]);
  const headers = Object.fromEntries(entries) as Record<string, string>;
  const deadline = Number(call.getDeadline());
  const timeoutMs = Number.isFinite(deadline) ? deadline - Date.now() : undefined;
  try {
    const context = headers[CONTEXT];
    return Buffer.from(
      await handler({ context, service, method, body, metadata: headers, timeoutMs, signal: left.signal }),
    );
  } catch (error) {
    throw toGrpcStatus(error);
  }
}
