import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContextError } from '@fissile/kit/contract';

/** Sets the ETag of the resource's version. */
export function setEntityTag(reply: FastifyReply, version: number): void {
  void reply.header('ETag', `"${version}"`);
}

/** The versions that If-Match accepts; undefined when any version will do. */
export type ExpectedVersions = readonly string[] | undefined;

/** The parameter of a handler that takes the request's If-Match header. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): ExpectedVersions => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  return parseIfMatch(header);
});

export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '*') return undefined;
  return header.split(',').map((tag) => tag.trim());
}

/** @throws ContextError version_mismatch when the client saw another version. A weak tag never matches (RFC 9110). */
export function checkVersion(expected: ExpectedVersions, version: number): void {
  if (expected && !expected.includes(`"${version}"`)) throw ContextError.of('version_mismatch');
}
