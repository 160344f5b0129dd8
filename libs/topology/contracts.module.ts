import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import type { Contract, ContextName } from '#libs/contracts';
import { Inventory } from '#libs/contracts/inventory';
import { Orders } from '#libs/contracts/orders';
import { Payments } from '#libs/contracts/payments';
import { Products } from '#libs/contracts/products';
import { Users } from '#libs/contracts/users';
import { ContractBinding } from './contract-binding.js';
import { ContractRegistry } from './contract-registry.js';
import { FieldCopier, MessageCopier, WireCopier } from './message-copier.js';
import { OperationsClients } from './operations-clients.js';

const CONTRACTS: readonly { contract: Contract; context: ContextName }[] = [
  { contract: Users, context: 'users' },
  { contract: Products, context: 'products' },
  { contract: Inventory, context: 'inventory' },
  { contract: Orders, context: 'orders' },
  { contract: Payments, context: 'payments' },
];

/** Lets any class of the process ask for any contract by its class. */
@Module({})
export class ContractsModule {
  static forProcess(): DynamicModule {
    const clients = CONTRACTS.map(({ contract, context }): Provider => ({
      provide: contract as unknown as Type,
      inject: [ContractBinding],
      useFactory: (binding: ContractBinding) => binding.client(contract, context),
    }));
    const copier = process.env['NODE_ENV'] === 'production' ? FieldCopier : WireCopier;
    return {
      module: ContractsModule,
      global: true,
      providers: [
        ContractRegistry,
        ContractBinding,
        { provide: MessageCopier, useClass: copier },
        OperationsClients,
        ...clients,
      ],
      exports: [ContractRegistry, OperationsClients, ...clients],
    };
  }
}
