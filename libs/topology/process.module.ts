import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { type LoadedSettings, SettingsModule, settingsOf } from '#libs/config';
import { DatabaseModule, DatabaseServer, DatabaseSettings } from '#libs/database';
import { DiscoveryModule } from '#libs/discovery';
import { HealthModule } from '#libs/health';
import { type EventBusName, MessagingModule } from '#libs/messaging';
import { ResilienceModule } from '#libs/resilience';
import { SagaModule } from '#libs/saga';
import { LoggingModule, MetricsModule, type Tracing, TracingModule } from '#libs/telemetry';
import { InternalTokens } from '#libs/transport';
import { CallTransport } from './call-transport.js';
import { ContractsModule } from './contracts.module.js';
import { Placement } from './placement.js';
import type { HostedModule } from './hosted-module.js';

/** What was there before Nest. */
export interface Given {
  readonly settings: LoadedSettings;
  readonly tracing: Tracing;
  readonly server: DatabaseServer;
  readonly placement: Placement;
  readonly transport: CallTransport;
  readonly tokens: InternalTokens;
}

@Module({})
class GivenModule {
  static with({ server, placement, transport, tokens }: Given): DynamicModule {
    const providers = [
      { provide: DatabaseServer, useValue: server },
      { provide: Placement, useValue: placement },
      { provide: CallTransport, useValue: transport },
      { provide: InternalTokens, useValue: tokens },
    ];
    return { module: GivenModule, global: true, providers, exports: providers };
  }
}

/** All that one process consists of: the modules that it hosts, and what every process needs. */
@Module({})
export class ProcessModule {
  static hosting(modules: readonly HostedModule[], bus: EventBusName, given: Given): DynamicModule {
    return {
      module: ProcessModule,
      imports: [
        SettingsModule.forRoot(given.settings),
        LoggingModule.forProcess(given.settings),
        MetricsModule.forProcess(given.placement),
        TracingModule.forProcess(given.tracing.isOn),
        HealthModule.forProcess(settingsOf(DatabaseSettings, given.settings).DATA_DIR),
        ResilienceModule.forProcess(),
        GivenModule.with(given),
        DiscoveryModule.forProcess(given.placement.processes, given.placement.self),
        DatabaseModule.forProcess(),
        ContractsModule.forProcess(),
        MessagingModule.forProcess(bus),
        SagaModule.forProcess(),
        AuthModule.forProcess(),
        ...modules.map((module) => ContractsModule.hosted(module)),
      ],
    };
  }
}
