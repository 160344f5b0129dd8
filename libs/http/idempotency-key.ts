import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequestInvalid } from './validation.js';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The parameter of a handler that takes the request's Idempotency-Key header; undefined when there is none. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
    if (header === undefined) return undefined;
    if (typeof header === 'string' && VISIBLE_ASCII.test(header)) return header;
    throw new RequestInvalid([
      { path: 'Idempotency-Key', message: 'expected 1 to 255 visible ASCII characters' },
    ]);
  },
);
