import { Injectable } from '@nestjs/common';
import type { ContextName, Implementation } from '#libs/contracts';
import { Operations } from '#libs/contracts/operations';
import { ContractBinding } from './contract-binding.js';

/** The operators' contract of each context: the gateway asks, for all of them at once. */
@Injectable()
export class OperationsClients {
  constructor(private readonly binding: ContractBinding) {}

  of(context: ContextName): Implementation<typeof Operations> {
    return this.binding.client(Operations, context, { caller: 'gateway' });
  }
}
