import ipaddr from 'ipaddr.js';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayUseSignInLink } from '@fissile/kit/auth';
import { DIRECT } from '@fissile/kit/request';

/** What a proxy adds to what it passes on, whichever it is. */
const OF_PROXIES =
  /^(forwarded$|x-forwarded-|x-real-ip$|x-client-ip$|x-original-|via$|cf-|true-client-ip$|fastly-)/;

/**
 * Marks what a program of this machine has sent itself. Behind a proxy of this machine every request comes from here, so the address that
 * TRUST_PROXY makes of it does not tell.
 */
export function markDirectRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.headers[DIRECT] !== undefined) delete request.headers[DIRECT];
    // Nothing else asks.
    if (mayUseSignInLink(request.url) && isDirect(request)) request.headers[DIRECT] = '1';
    done();
  });
}

function isDirect({ socket, headers }: FastifyRequest): boolean {
  return isLoopback(socket.remoteAddress) && !Object.keys(headers).some((name) => OF_PROXIES.test(name));
}

/** Whether an address is one of this machine alone. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
