import { Injectable } from '@nestjs/common';
import type { Contract, ContextName, Implementation } from '#libs/contracts';

/** Which object of this process implements which contract, for which context. */
@Injectable()
export class ContractRegistry {
  private readonly implementations = new Map<
    string,
    Record<string, (request: unknown) => Promise<unknown>>
  >();

  add<C extends Contract>(contract: C, context: ContextName, implementation: Implementation<C>): void {
    const key = keyOf(contract, context);
    if (this.implementations.has(key)) throw new Error(`${key} is implemented twice in this process`);
    this.implementations.set(key, implementation as never);
  }

  find(
    contract: Contract,
    context: ContextName,
  ): Record<string, (request: unknown) => Promise<unknown>> | undefined {
    return this.implementations.get(keyOf(contract, context));
  }
}

function keyOf(contract: Contract, context: ContextName): string {
  return `${contract.definition.fullName} of ${context}`;
}
