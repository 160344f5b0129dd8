/** PostgreSQL's classes for a server that is gone, starting, stopping or full (08, 53, 57P), and Node's for no connection. */
const CODES = /^(08|53|57P)|^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/;

/** How pg, and TypeORM after a connection broke under a transaction, say it where they give no code. */
const MESSAGES =
  /^Connection terminated|^Client has encountered a connection error|timeout exceeded when trying to connect|^Query runner already released/;

/** True when a server could not be reached or disconnected, so that the same work may succeed later. */
export function isConnectionFailure(error: unknown): boolean {
  const candidate = error as { code?: unknown; driverError?: { code?: unknown }; message?: unknown } | null;
  const code = candidate?.code ?? candidate?.driverError?.code;
  if (typeof code === 'string') return CODES.test(code);
  const message = typeof candidate?.message === 'string' ? candidate.message : '';
  return MESSAGES.test(message);
}
