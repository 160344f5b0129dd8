import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { Client } from 'undici';
import { until } from '@fissile/kit/testing';
import { drainConnections } from './drain-connections.js';

const CLIENTS = 32;

/** A server that says to its clients that it stops, as every process does. */
async function startServer() {
  let isStopping = false;
  const server = createServer((_request, response) => {
    if (isStopping) response.setHeader('Connection', 'close');
    setImmediate(() => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = (graceMs: number): Promise<void> => {
    isStopping = true;
    return drainConnections(server, graceMs);
  };
  return { port, stop };
}

describe('A server that stops', () => {
  it('cuts no client off that keeps its connection alive', async () => {
    for (let stops = 0; stops < 3; stops += 1) {
      const { port, stop } = await startServer();
      const answered = new Set<Client>();
      const reasons = new Set<string>();
      const sendRepeatedly = async (): Promise<void> => {
        const client = new Client(`http://127.0.0.1:${port}`);
        try {
          for (;;) {
            const { body } = await client.request({ method: 'POST', path: '/' });
            await body.dump();
            answered.add(client);
          }
        } catch (error) {
          reasons.add((error as { code: string }).code);
        } finally {
          await client.destroy();
        }
      };
      const clients = Promise.all(Array.from({ length: CLIENTS }, sendRepeatedly));
      await until('all clients are connected', () => answered.size === CLIENTS);
      await stop(60_000);
      await clients;
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
