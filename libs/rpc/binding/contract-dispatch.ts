import { Injectable, Logger } from '@nestjs/common';
import { ContextError, isTransientError } from '@fissile/kit/contract';
import { throwIfCallCancelled } from '@fissile/kit/request';
import { ContractRegistry } from './contract-registry.js';

/** Runs the implementation of a contract in this process, for local and remote callers alike. */
@Injectable()
export class ContractDispatch {
  private readonly logger = new Logger(ContractDispatch.name);

  constructor(private readonly registry: ContractRegistry) {}

  /**
   * @param service the full name of the contract's service
   * @param method the name of the method in TypeScript
   * @throws ContextError and nothing else: an error of the error catalogue is rethrown as it is; any other error is
   * logged and hidden
   */
  async run(service: string, context: string, method: string, request: unknown): Promise<unknown> {
    const implementation = this.registry.find(service, context)?.implementation;
    const handler = implementation?.[method];
    if (!implementation || !handler) {
      throw ContextError.of('unavailable', `This process does not serve ${method} of ${context}`);
    }
    try {
      throwIfCallCancelled();
      return await handler.call(implementation, request);
    } catch (error) {
      throw this.asSeenByCaller(error, `${context}.${method}`);
    }
  }

  private asSeenByCaller(error: unknown, call: string): ContextError {
    if (error instanceof ContextError) return ContextError.fromRecord(error.toRecord());
    if (isTransientError(error)) return ContextError.of('unavailable');
    this.logger.error(`${call} failed`, error instanceof Error ? error.stack : String(error));
    return ContextError.of('internal_error');
  }
}
