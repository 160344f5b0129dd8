import type { FactoryProvider, Type } from '@nestjs/common';
import type { Contract, ContextName, Implementation } from '@fissile/kit/contract';
import { ContractRegistry } from './contract-registry.js';

/** The provider that registers a class of the module as the context's implementation of a contract. */
export function implement<C extends Contract>(
  contract: C,
  context: ContextName,
  implementation: Type<Implementation<C>>,
): FactoryProvider<void> {
  return {
    provide: `implementation of ${contract.definition.fullName} by ${context}`,
    inject: [ContractRegistry, implementation],
    useFactory: (registry: ContractRegistry, instance: Implementation<C>) =>
      registry.add(contract, context, instance),
  };
}
