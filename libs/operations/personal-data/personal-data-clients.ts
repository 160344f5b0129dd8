import { Injectable } from '@nestjs/common';
import { type ContextName, type Implementation, PersonalData, Product } from '@fissile/kit/contract';
import { ContractBinding } from '@fissile/kit/rpc';

/** What every context keeps of people: the context of accounts asks, on behalf of whoever they are. */
@Injectable()
export class PersonalDataClients {
  constructor(
    private readonly binding: ContractBinding,
    private readonly product: Product,
  ) {}

  get contexts(): readonly ContextName[] {
    return this.product.contextNames;
  }

  of(context: ContextName): Implementation<typeof PersonalData> {
    return this.binding.client(PersonalData, context, { caller: 'users' });
  }
}
