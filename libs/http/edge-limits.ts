import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The limits of clients, which the process at the edge alone has. */
export abstract class EdgeLimits implements CanActivate {
  /** The limit of a route. @throws ContextError too_many_requests */
  abstract canActivate(context: ExecutionContext): Promise<boolean>;
  /** The limit of what is no route of the API. @throws ContextError too_many_requests */
  abstract checkPage(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}
