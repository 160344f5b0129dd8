import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '@fissile/kit/contract';
import { currentCall } from '@fissile/kit/request';
import { payloadTooLarge, toProblem } from './problem.js';

/** Answers every error as application/problem+json, and logs those that are ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest(), http.getResponse());
  }

  /** Also Fastify's error handler, for errors before Nest receives the request. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = toProblem(withLimit(error, request), currentCall()?.traceId ?? '');
    this.log(error, problem.code, request);
    if (reply.sent) return;
    const retryAfter = problem.details?.['retryAfter'] ?? (problem.status === 503 ? 1 : undefined);
    if (retryAfter !== undefined && !reply.hasHeader('retry-after'))
      void reply.header('Retry-After', String(retryAfter));
    void reply.status(problem.status).type('application/problem+json').send(problem);
  }

  private log(error: unknown, code: string, request: FastifyRequest): void {
    const level = describeError(code)?.level ?? 'warn';
    const line = `${request.method} ${request.routeOptions.url ?? 'unknown route'} failed: ${code}`;
    if (level === 'error') this.logger.error(line, error instanceof Error ? error.stack : undefined);
    else if (level === 'warn') this.logger.warn(line);
  }
}

/** Fastify says that a body is too large, and not what it takes; Nest makes an exception of its own of it. */
function withLimit(error: unknown, { routeOptions }: FastifyRequest): unknown {
  return error instanceof HttpException && error.getStatus() === 413
    ? payloadTooLarge(routeOptions.bodyLimit)
    : error;
}
