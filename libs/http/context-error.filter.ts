import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ContextError } from '@fissile/kit/contract';
import { currentCall } from '@fissile/kit/request';
import { toProblem } from './problem.js';
import { RequestInvalid } from './validation.js';

/**
 * Answers the errors of contexts with their status, as application/problem+json, on Express and on Fastify. Every other
 * error is left to the filters of the application.
 */
@Injectable()
@Catch(ContextError, RequestInvalid)
export class ContextErrorFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: ContextError | RequestInvalid, host: ArgumentsHost): void {
    // Over anything else than HTTP there is no status to answer with.
    if (host.getType() !== 'http') throw error;
    const { httpAdapter } = this.host;
    const response = host.switchToHttp().getResponse<object>();
    if (httpAdapter.isHeadersSent(response)) return;
    // The application has no page of the errors.
    const problem = { ...toProblem(error, currentCall()?.traceId ?? ''), type: 'about:blank' };
    const retryAfter = problem.details?.['retryAfter'] ?? (problem.status === 503 ? 1 : undefined);
    if (retryAfter !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(retryAfter));
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
    httpAdapter.reply(response, problem, problem.status);
  }
}
