import { Injectable, Logger } from '@nestjs/common';
import { ContextError, type Contract, type ContextName, type Implementation } from '#libs/contracts';
import { isConnectionFailure } from '#libs/transport';
import { ContractRegistry } from './contract-registry.js';
import { MessageCopier } from './message-copier.js';

/**
 * Binds the contracts that business code asks for to whoever implements them. The implementation is looked up at each
 * call, so that a placement may change while the process runs. A call hands over copies and fails with errors of the
 * catalogue alone, as it would between two processes.
 */
@Injectable()
export class ContractBinding {
  private readonly logger = new Logger(ContractBinding.name);

  constructor(
    private readonly registry: ContractRegistry,
    private readonly copier: MessageCopier,
  ) {}

  /** The object that callers of a contract hold. */
  client<C extends Contract>(contract: C, context: ContextName): Implementation<C> {
    const methods = Object.keys(contract.definition.methods).map((method) => [
      method,
      (request: unknown) => this.call(contract, context, method, request),
    ]);
    return Object.fromEntries(methods) as Implementation<C>;
  }

  private async call(
    contract: Contract,
    context: ContextName,
    method: string,
    request: unknown,
  ): Promise<unknown> {
    const codecs = contract.definition.methods[method];
    const implementation = this.registry.find(contract, context);
    const handler = implementation?.[method];
    if (!codecs || !implementation || !handler) {
      throw ContextError.of('unavailable', `Nothing here serves ${method} of ${context}`);
    }
    const requestCopy = this.copier.copy(codecs.requestType, request);
    try {
      const response = await handler.call(implementation, requestCopy);
      return this.copier.copy(codecs.responseType, response);
    } catch (error) {
      throw this.asSeenByCaller(error, `${context}.${method}`);
    }
  }

  /** Keeps what the catalogue promises and hides the rest. */
  private asSeenByCaller(error: unknown, call: string): ContextError {
    if (error instanceof ContextError) return ContextError.fromRecord(error.toRecord());
    if (isConnectionFailure(error)) return ContextError.of('unavailable');
    this.logger.error(`${call} failed`, error instanceof Error ? error.stack : String(error));
    return ContextError.of('internal_error');
  }
}
