import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The upstream of every proxy: responds with as many bytes as the last path segment says. */
const bodies = new Map<string, Buffer>();

const server = createServer((request, response) => {
  if (request.url === '/health') return void response.end('{"status":"healthy"}');
  const size = request.url?.split('/').at(-1) ?? '0';
  const body = bodies.get(size) ?? Buffer.alloc(Number(size), 'x');
  bodies.set(size, body);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
