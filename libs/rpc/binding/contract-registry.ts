import { Injectable } from '@nestjs/common';
import type { Contract, ContextName, Implementation } from '@fissile/kit/contract';

type Methods = Record<string, (request: unknown) => Promise<unknown>>;

export interface ServedContract {
  readonly contract: Contract;
  readonly context: ContextName;
  readonly implementation: Methods;
}

/** Maps each contract and context to the object of this process that implements it. */
@Injectable()
export class ContractRegistry {
  private readonly served = new Map<string, ServedContract>();

  add<C extends Contract>(contract: C, context: ContextName, implementation: Implementation<C>): void {
    const key = keyOf(contract.definition.fullName, context);
    if (this.served.has(key)) throw new Error(`${key} is implemented twice in this process`);
    this.served.set(key, { contract, context, implementation: implementation as never });
  }

  /** @param service the full name of the contract's service */
  find(service: string, context: string): ServedContract | undefined {
    return this.served.get(keyOf(service, context));
  }

  all(): readonly ServedContract[] {
    return [...this.served.values()];
  }
}

function keyOf(service: string, context: string): string {
  return `${service} of ${context}`;
}
