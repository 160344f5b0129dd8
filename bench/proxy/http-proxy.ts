import httpProxy from '@fastify/http-proxy';
import Fastify from 'fastify';

/** @fastify/http-proxy as its documentation shows it. */
const server = Fastify();
await server.register(httpProxy, { upstream: process.env['BENCH_UPSTREAM'] ?? '' });
console.log(`listening on ${await server.listen({ host: '127.0.0.1', port: 0 })}`);
