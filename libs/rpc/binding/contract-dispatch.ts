import { Injectable, Logger } from '@nestjs/common';
import { isAdmin } from '@fissile/kit/auth';
import { ANY_PROCESS, type Component, ContextError, isTransientError, rulesOf } from '@fissile/kit/contract';
import { currentCall, throwIfCallCancelled } from '@fissile/kit/request';
import { ContractRegistry, type ServedContract } from './contract-registry.js';
import { RequestsUnderWay } from './requests-under-way.js';

/** Runs the implementation of a contract in this process, for local and remote callers alike. */
@Injectable()
export class ContractDispatch {
  private readonly logger = new Logger(ContractDispatch.name);

  constructor(
    private readonly registry: ContractRegistry,
    private readonly underWay: RequestsUnderWay,
  ) {}

  /**
   * @param service the full name of the contract's service
   * @param method the name of the method in TypeScript
   * @param callers the components in whose name it is called
   * @throws ContextError and nothing else: internal_port for callers that the method does not have, unauthenticated or forbidden
   * where an admin must be behind the call; an error of the error catalogue is rethrown as it is; any other error is
   * logged and hidden
   */
  async run(
    service: string,
    context: string,
    method: string,
    request: unknown,
    callers: readonly Component[],
  ): Promise<unknown> {
    const served = this.registry.find(service, context);
    const implementation = served?.implementation;
    const handler = implementation?.[method];
    if (!served || !implementation || !handler) {
      throw ContextError.of('unavailable', `This process does not serve ${method} of ${context}`);
    }
    refuseOthers(served, method, callers);
    const end = this.underWay.begin(served.context);
    try {
      throwIfCallCancelled();
      return await handler.call(implementation, request);
    } catch (error) {
      throw this.asSeenByCaller(error, `${context}.${method}`);
    } finally {
      end();
    }
  }

  private asSeenByCaller(error: unknown, call: string): ContextError {
    if (error instanceof ContextError) return ContextError.fromRecord(error.toRecord());
    if (isTransientError(error)) return ContextError.of('unavailable');
    this.logger.error(`${call} failed`, error instanceof Error ? error.stack : String(error));
    return ContextError.of('internal_error');
  }
}

/** What the description of the contract demands, of local and remote callers alike. */
function refuseOthers({ contract, context }: ServedContract, method: string, by: readonly Component[]): void {
  const rule = rulesOf(contract).get(method);
  if (!rule) return;
  const { callers, needsAdmin } = rule;
  if (callers && !callers.includes(ANY_PROCESS) && !by.some((component) => callers.includes(component))) {
    throw ContextError.of('internal_port', `${method} of ${context} is not for ${by.join(', ')}`);
  }
  if (!needsAdmin) return;
  const user = currentCall()?.caller;
  if (!user) throw ContextError.of('unauthenticated');
  if (!isAdmin(user)) throw ContextError.of('forbidden');
}
