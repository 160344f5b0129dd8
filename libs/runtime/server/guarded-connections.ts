import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ContextError } from '@fissile/kit/contract';
import { toProblem } from '@fissile/kit/http';
import { traceIdOf } from '@fissile/kit/observability';
import { SECURITY_HEADERS } from './security-headers.js';

/** How often it is checked within the time that a client has. */
const CHECKS = 4;

/**
 * Closes what Node leaves open to clients: connections that they do not read from, and tunnels.
 * @param unreadMs how long a client may read nothing of what waits for it
 */
export function guardConnections(server: Server, unreadMs: number): void {
  closeUnread(server, unreadMs);
  server.on('connect', refuseTunnel);
}

/** Answers that wait to be read hold memory. A client that goes on sending is no better: Node's own time-out would let it. */
function closeUnread(server: Server, unreadMs: number): void {
  const waiting = new Map<Socket, Backlog>();
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      waiting.delete(socket);
    });
  });
  const timer = setInterval(() => {
    for (const socket of open) check(socket, waiting, unreadMs);
  }, unreadMs / CHECKS).unref();
  server.once('close', () => clearInterval(timer));
}

interface Backlog {
  readonly sent: number;
  readonly queued: number;
  readonly since: number;
}

function check(socket: Socket, waiting: Map<Socket, Backlog>, unreadMs: number): void {
  if (socket.writableLength === 0) return void waiting.delete(socket);
  const sent = socket.bytesWritten - socket.writableLength;
  const queued = queuedBy(socket);
  const before = waiting.get(socket);
  if (before?.sent !== sent || before.queued !== queued)
    waiting.set(socket, { sent, queued, since: Date.now() });
  else if (Date.now() - before.since >= unreadMs) socket.destroy();
}

/** How much of one write the system has taken shows only here, where Node itself looks for it. */
function queuedBy(socket: Socket): number {
  return (socket as { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0;
}

function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  const body = JSON.stringify(toProblem(ContextError.of('method_not_allowed'), traceIdOf(undefined)));
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 405 Method Not Allowed\r\n${lines.join('')}\r\n${body}`);
}
