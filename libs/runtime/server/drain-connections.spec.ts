import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { Pool } from 'undici';
import { until } from '@fissile/kit/testing';
import { drainConnections } from './drain-connections.js';

const CLIENTS = 32;

/** A server that says to its clients that it stops, as every process does. */
async function startServer() {
  const served = { isStopping: false, requests: 0 };
  const server = createServer((_request, response) => {
    served.requests += 1;
    if (served.isStopping) response.setHeader('Connection', 'close');
    setImmediate(() => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = (graceMs: number): Promise<void> => {
    served.isStopping = true;
    return drainConnections(server, graceMs);
  };
  return { port, served, stop };
}

describe('A server that stops', () => {
  it('cuts no client off that keeps its connection alive', async () => {
    for (let stops = 0; stops < 3; stops += 1) {
      const { port, served, stop } = await startServer();
      const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CLIENTS });
      const reasons = new Set<string>();
      const client = async (): Promise<void> => {
        for (;;) {
          try {
            const { body } = await pool.request({ method: 'POST', path: '/' });
            await body.dump();
          } catch (error) {
            reasons.add((error as { code: string }).code);
            return;
          }
        }
      };
      const clients = Promise.all(Array.from({ length: CLIENTS }, client));
      await until('all clients are at work', () => served.requests > CLIENTS * 4);
      await stop(60_000);
      await clients;
      await pool.destroy();
      // That nobody listens any more tells a client that its request has not begun.
      assert.deepEqual([...reasons], ['ECONNREFUSED']);
    }
  });

  it('answers what arrives on an idle connection within the grace period, and closes it then', async () => {
    const { port, stop } = await startServer();
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [first] = (await once(socket, 'data')) as [string];
    assert.match(first, /keep-alive/);
    const stopped = stop(60_000);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [second] = (await once(socket, 'data')) as [string];
    assert.match(second, /^HTTP\/1.1 200 [^]*Connection: close/);
    await stopped;
  });

  it('closes a connection that stays idle', async () => {
    const { port, stop } = await startServer();
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await stop(10);
    socket.destroy();
  });
});
