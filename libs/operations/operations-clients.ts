import { Injectable } from '@nestjs/common';
import { type ContextName, type Implementation, Operations } from '@fissile/kit/contract';
import { ContractBinding, Placement } from '@fissile/kit/rpc';

/** The operators' contract of each context: the gateway asks, for all of them at once. */
@Injectable()
export class OperationsClients {
  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
  ) {}

  of(context: ContextName): Implementation<typeof Operations> {
    return this.binding.client(Operations, context, { caller: 'gateway' });
  }

  /** Of a context whose audit log has what concerns no context; one of this process has it without a call. */
  get auditor(): Implementation<typeof Operations> | undefined {
    const [context] = [...this.placement.localContexts, ...this.placement.product.contextNames];
    return context === undefined ? undefined : this.of(context);
  }
}
