import { Injectable } from '@nestjs/common';
import { type ContextName, type Implementation, Operations } from '@fissile/kit/contract';
import { ContractBinding } from '@fissile/kit/rpc';

/** The operators' contract of each context: the gateway asks, for all of them at once. */
@Injectable()
export class OperationsClients {
  constructor(private readonly binding: ContractBinding) {}

  of(context: ContextName): Implementation<typeof Operations> {
    return this.binding.client(Operations, context, { caller: 'gateway' });
  }
}
