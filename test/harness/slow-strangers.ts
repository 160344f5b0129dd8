import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

const MIB = 1024 * 1024;
/** Within what a call may be. */
const ANNOUNCED = 8 * MIB;
const SENT = 4 * MIB;

/** A stranger that is in the middle of a long message. */
export interface Stranger {
  /** Resolves when the other side has taken all that it has sent, or has broken off. */
  readonly served: Promise<unknown>;
  leave(): void;
}

/** Begins a call over TCP whose head has no token. */
export function slowFrame(address: string): Stranger {
  const [host, port] = address.split(':');
  const text = JSON.stringify({
    id: 'x',
    context: 'users',
    service: 'fissile.users.v1.Users',
    method: 'GetContacts',
    metadata: {},
    timeoutMs: 60_000,
  });
  const start = Buffer.alloc(8);
  start.writeUInt32BE(ANNOUNCED, 0);
  start.writeUInt32BE(text.length, 4);
  const socket = connect(Number(port), host);
  const served = new Promise((resolve) => {
    socket.on('error', resolve).on('close', resolve);
    socket.write(Buffer.concat([start, Buffer.from(text), Buffer.alloc(SENT)]), resolve);
  });
  return { served, leave: () => socket.destroy() };
}

/** Begins a call over gRPC without a token. */
export function slowMessage(address: string, path: string): Stranger {
  const session = connectHttp2(`http://${address}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const start = Buffer.alloc(5);
  start.writeUInt32BE(ANNOUNCED, 1);
  const served = new Promise((resolve) => {
    session.on('error', resolve);
    stream.on('error', resolve).on('close', resolve).resume();
    stream.on('response', (headers) => 'grpc-status' in headers && resolve(headers));
    stream.write(Buffer.concat([start, Buffer.alloc(SENT)]), resolve);
  });
  return { served, leave: () => session.destroy() };
}
