import pg from 'pg';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { serialize } from 'node:v8';

/**
 * Records every statement that a process sends to PostgreSQL. Node loads it before the program by `--import`, so the
 * program needs no change. statement-log.ts reads the records.
 */
const file = process.env['STATEMENTS_FILE'] ?? '';
const currentRequest = new AsyncLocalStorage<string>();
const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;

subscribe('http.server.request.start', (message) => {
  const { method, url } = (message as { request: IncomingMessage }).request;
  currentRequest.enterWith(`${method} ${url}`);
});

pg.Client.prototype.query = function record(this: pg.Client, ...args: unknown[]): unknown {
  const [first, second] = args;
  const query = (typeof first === 'object' ? first : { text: first }) as {
    text?: string;
    name?: string;
    values?: unknown;
  };
  const values = query.values ?? (Array.isArray(second) ? second : []);
  const line = {
    database: this.database,
    connection: (this as pg.Client & { processID?: number }).processID,
    request: currentRequest.getStore(),
    text: query.text,
    isPrepared: Boolean(query.name),
    values: serialize(values).toString('base64'),
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  return send.apply(this, args);
} as typeof pg.Client.prototype.query;
