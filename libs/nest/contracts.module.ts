import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { isProduction } from '@fissile/kit/config';
import { AccessRefusals, RevocationBroadcast } from '@fissile/kit/auth';
import type { Component, Product } from '@fissile/kit/contract';
import { RemoteInboxes, ContractInboxes, InboxServing } from '@fissile/kit/messaging';
import {
  ContractBinding,
  ContractDispatch,
  ContractRegistry,
  ContractServer,
  FieldCopier,
  MessageCopier,
  WireCopier,
  RemoteCalls,
  RequestsUnderWay,
} from '@fissile/kit/rpc';
import { ProcessRevocations, ProcessServing } from './process-contract.js';
import type { HostedModule } from './hosted-module.js';
import { HostedWork } from './hosted-work.js';
import {
  AccessRefusalReport,
  OperationsClients,
  PersonalDataClients,
  PersonalDataKeepers,
  ProcessClients,
} from '@fissile/kit/operations';

/** Lets any class of the process ask for any contract by its class, and serves those of this process to others. */
@Module({})
export class ContractsModule {
  static forProcess(product: Product): DynamicModule {
    const clients = clientProviders(product);
    const copier = isProduction() ? FieldCopier : WireCopier;
    return {
      module: ContractsModule,
      global: true,
      providers: [
        ContractRegistry,
        RequestsUnderWay,
        ContractDispatch,
        ContractBinding,
        { provide: MessageCopier, useClass: copier },
        RemoteCalls,
        ContractServer,
        { provide: RemoteInboxes, useClass: ContractInboxes },
        InboxServing,
        { provide: RevocationBroadcast, useClass: ProcessRevocations },
        ProcessServing,
        HostedWork,
        ProcessClients,
        OperationsClients,
        PersonalDataClients,
        PersonalDataKeepers,
        { provide: AccessRefusals, useClass: AccessRefusalReport },
        ...clients,
      ],
      exports: [
        AccessRefusals,
        ContractServer,
        ContractRegistry,
        ContractBinding,
        HostedWork,
        RequestsUnderWay,
        OperationsClients,
        PersonalDataClients,
        PersonalDataKeepers,
        ProcessClients,
        RemoteInboxes,
        RevocationBroadcast,
        ...clients,
      ],
    };
  }

  /** A hosted module with clients of its own, so that its calls are counted as its own, whatever other modules the process hosts. */
  static hosted(product: Product, module: HostedModule): DynamicModule {
    return { module, providers: clientProviders(product, module.context) };
  }
}

function clientProviders(product: Product, caller?: Component): Provider[] {
  return product.contracts.map(({ contract, context }) => ({
    provide: contract as unknown as Type,
    inject: [ContractBinding],
    useFactory: (binding: ContractBinding) => binding.client(contract, context, caller ? { caller } : {}),
  }));
}
