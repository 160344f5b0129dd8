/**
 * PostgreSQL's codes for what passes: no connection (08), access refused for now (28), a database that became
 * read-only (25006), a database that is away or accepts nobody, as while it is restored (3D000, 55000), a conflict or a deadlock with another transaction (40), a full server (53), a lock or a statement
 * that took too long (55P03, 57014), a session ended by a time-out (25P03), a server that stops or starts (57P); and
 * Node's codes for no connection, or for a certificate that is not trusted: it has expired, or a new one is half written.
 */
const CODES =
  /^(08|28|53|57P)|^(25006|25P03|3D000|40001|40P01|55000|55P03|57014)$|^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)|^(CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_)/;

/** How pg, and TypeORM after a connection broke under a transaction, say it where they give no code. */
const MESSAGES =
  /^Connection terminated|^Client (has encountered a connection error|was closed)|^timeout e|^Query (runner already released|read timeout)/;

/**
 * True when a server could not be reached, disconnected, or said that it cannot do the work now, so that the same work
 * may succeed later.
 */
export function isTransientError(error: unknown): boolean {
  const candidate = error as { code?: unknown; driverError?: { code?: unknown }; message?: unknown } | null;
  const code = candidate?.code ?? candidate?.driverError?.code;
  if (typeof code === 'string') return CODES.test(code);
  const message = typeof candidate?.message === 'string' ? candidate.message : '';
  return MESSAGES.test(message);
}
