import { type Metadata, type ServerInterceptor, ServerInterceptingCall, status } from '@grpc/grpc-js';
import { EXCHANGE } from './call-stream.js';
import { type Admit, MOST_UNPROVEN, type ServedService } from '../rpc.js';
import { toGrpcStatus } from './grpc-status.js';
import { limitMessages } from './message-limit.js';

/** Clients that have no token for the stream, as those of versions that sent none, then call by the methods. */
const NO_STREAM = { code: status.UNIMPLEMENTED, details: 'No stream without a token' };

/**
 * Takes no message of a call before its metadata show who calls: until then the library reads nothing, so the other side can send
 * no more than a window of HTTP/2. The services of health and reflection are for anyone, whose messages are short.
 */
export function admission(admit: Admit, services: readonly ServedService[]): ServerInterceptor {
  const guarded = new Set(
    services.flatMap(({ fullName, methods }) => methods.map((method) => `/${fullName}/${method}`)),
  );
  return ({ path }, call) => {
    const isStream = path === EXCHANGE;
    if (!isStream && !guarded.has(path)) {
      limitMessages(call, MOST_UNPROVEN);
      return new ServerInterceptingCall(call);
    }
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, receive) => {
            const refuse = (error: unknown): void =>
              call.sendStatus(isStream ? NO_STREAM : toGrpcStatus(error));
            admit(headersOf(metadata)).then(() => receive(metadata), refuse);
          },
        }),
    });
  };
}

export function headersOf(metadata: Metadata): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata.getMap())) headers[key] = value.toString();
  return headers;
}
