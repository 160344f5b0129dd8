import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { GrpcMethodStreamingType, type MessageHandler, ServerGrpc } from '@nestjs/microservices';
import type { ServedService } from '../rpc.js';

export type UnaryCall = ServerUnaryCall<Buffer, Buffer>;

/** Nest loads the services and listens; all their methods are unary. */
export class NestGrpcServer extends ServerGrpc {
  /** @param serve as @grpc/grpc-js calls it */
  addMethod(
    { name }: ServedService,
    method: string,
    serve: (call: UnaryCall, respond: sendUnaryData<Buffer>) => Promise<void>,
  ): void {
    const streaming = GrpcMethodStreamingType.NO_STREAMING;
    this.addHandler({ service: name, rpc: method, streaming }, serve);
  }

  /** Calls bypass the observable in which Nest would wrap the response. */
  override createServiceMethod(serve: MessageHandler): MessageHandler {
    return serve;
  }
}
