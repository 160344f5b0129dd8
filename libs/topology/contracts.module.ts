import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { RevocationBroadcast } from '#libs/auth';
import { type Hostable, OWN_CONTRACTS } from '#libs/contracts';
import { RemoteInboxes } from '#libs/messaging';
import { ApiDocsAssembly } from './api-docs-assembly.js';
import { ContractBinding } from './contract-binding.js';
import { ContractDispatch } from './contract-dispatch.js';
import { ContractInboxes, InboxServing } from './contract-inboxes.js';
import { ContractRegistry } from './contract-registry.js';
import { ContractRevocations, RevocationServing } from './contract-revocations.js';
import { ContractServer } from './contract-server.js';
import type { HostedModule } from './hosted-module.js';
import { FieldCopier, MessageCopier, WireCopier } from './message-copier.js';
import { OperationsClients } from './operations-clients.js';
import { RemoteCalls } from './remote-calls.js';

/** Lets any class of the process ask for any contract by its class, and serves those of this process to others. */
@Module({})
export class ContractsModule {
  static forProcess(): DynamicModule {
    const clients = clientProviders();
    const copier = process.env['NODE_ENV'] === 'production' ? FieldCopier : WireCopier;
    return {
      module: ContractsModule,
      global: true,
      providers: [
        ContractRegistry,
        ContractDispatch,
        ContractBinding,
        { provide: MessageCopier, useClass: copier },
        RemoteCalls,
        ContractServer,
        { provide: RemoteInboxes, useClass: ContractInboxes },
        InboxServing,
        { provide: RevocationBroadcast, useClass: ContractRevocations },
        RevocationServing,
        OperationsClients,
        ApiDocsAssembly,
        ...clients,
      ],
      exports: [
        ContractRegistry,
        ContractBinding,
        OperationsClients,
        RemoteInboxes,
        RevocationBroadcast,
        ...clients,
      ],
    };
  }

  /** A hosted module with clients of its own, so that its calls are counted as its own, whoever is beside it. */
  static hosted(module: HostedModule): DynamicModule {
    return { module, providers: clientProviders(module.context) };
  }
}

function clientProviders(caller?: Hostable): Provider[] {
  return OWN_CONTRACTS.map(({ contract, context }) => ({
    provide: contract as unknown as Type,
    inject: [ContractBinding],
    useFactory: (binding: ContractBinding) => binding.client(contract, context, caller ? { caller } : {}),
  }));
}
