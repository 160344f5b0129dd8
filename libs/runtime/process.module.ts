import { Product } from '@fissile/kit/contract';
import { AccessPolicyModule } from '@fissile/kit/http';
import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '@fissile/kit/auth';
import { type LoadedSettings, SettingsModule, settingsOf } from '@fissile/kit/config';
import { DatabaseModule, DatabaseServer, DatabaseSettings } from '@fissile/kit/database';
import {
  DiscoveryModule,
  ResilienceModule,
  InternalTokens,
  CallTransport,
  Placement,
} from '@fissile/kit/rpc';
import { HealthModule } from '@fissile/kit/health';
import { type EventBusName, MessagingModule } from '@fissile/kit/messaging';
import { SagaModule } from '@fissile/kit/saga';
import { LoggingModule, MetricsModule, type Tracing, TracingModule } from '@fissile/kit/observability';
import { ContractsModule } from './contracts.module.js';
import type { HostedModule } from './hosted-module.js';

/** What was there before Nest. */
export interface ProcessDependencies {
  readonly settings: LoadedSettings;
  readonly tracing: Tracing;
  readonly server: DatabaseServer;
  readonly placement: Placement;
  readonly transport: CallTransport;
  readonly tokens: InternalTokens;
}

@Module({})
class ProcessDependenciesModule {
  static with({ server, placement, transport, tokens }: ProcessDependencies): DynamicModule {
    const providers = [
      { provide: DatabaseServer, useValue: server },
      { provide: Product, useValue: placement.product },
      { provide: Placement, useValue: placement },
      { provide: CallTransport, useValue: transport },
      { provide: InternalTokens, useValue: tokens },
    ];
    return { module: ProcessDependenciesModule, global: true, providers, exports: providers };
  }
}

/** All that one process consists of: the modules that it hosts, and what every process needs. */
@Module({})
export class ProcessModule {
  static hosting(
    modules: readonly HostedModule[],
    bus: EventBusName,
    dependencies: ProcessDependencies,
  ): DynamicModule {
    return {
      module: ProcessModule,
      imports: [
        SettingsModule.forRoot(dependencies.settings),
        LoggingModule.forProcess(dependencies.settings),
        MetricsModule.forProcess(dependencies.placement),
        TracingModule.forProcess(dependencies.tracing.isOn),
        HealthModule.forProcess(settingsOf(DatabaseSettings, dependencies.settings).DATA_DIR),
        ResilienceModule.forProcess(),
        ProcessDependenciesModule.with(dependencies),
        DiscoveryModule.forProcess(dependencies.placement.processes, dependencies.placement.self),
        DatabaseModule.forProcess(),
        ContractsModule.forProcess(dependencies.placement.product),
        MessagingModule.forProcess(bus),
        SagaModule.forProcess(),
        AccessPolicyModule,
        AuthModule.forProcess(dependencies.placement.product.tokenIssuer),
        ...modules.map((module) => ContractsModule.hosted(dependencies.placement.product, module)),
      ],
    };
  }
}
