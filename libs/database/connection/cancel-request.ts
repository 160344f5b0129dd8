import { connect, type NetConnectOpts } from 'node:net';
import type pg from 'pg';

/** The code of the message CancelRequest of PostgreSQL's protocol. */
const CANCEL_REQUEST = 80_877_102;
const WITHIN_MS = 2_000;

/** What the server gave a session to cancel its statements by. */
type Cancellable = pg.ClientBase &
  Partial<Pick<pg.Client, 'host' | 'port'>> & { readonly processID?: unknown; readonly secretKey?: unknown };

/**
 * Asks the server to end the statement that a connection executes, by another connection, as the protocol has it:
 * poolers understand it too. The server does not answer, and who cannot be reached is not asked again.
 */
export function sendCancelRequest(client: pg.ClientBase): void {
  const { host, port, processID, secretKey } = client as Cancellable;
  if (host === undefined || port === undefined) return;
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return;
  const message = Buffer.alloc(16);
  [message.length, CANCEL_REQUEST, processID, secretKey].forEach((value, index) =>
    message.writeInt32BE(value, index * 4),
  );
  const socket = connect(addressOf(host, port), () => socket.end(message));
  socket.setTimeout(WITHIN_MS, () => socket.destroy());
  socket.on('error', () => undefined).unref();
}

/** As pg does it: a host that is a path is the folder of a Unix socket. */
function addressOf(host: string, port: number): NetConnectOpts {
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}
