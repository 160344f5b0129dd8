import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { type LoadedSettings, SettingsModule } from '#libs/config';
import { DatabaseServer } from '#libs/database';
import { HealthModule } from '#libs/health';
import { MessagingModule } from '#libs/messaging';
import { LoggingModule, MetricsModule } from '#libs/telemetry';
import { ContractsModule } from './contracts.module.js';
import { Placement } from './placement.js';
import type { HostedModule } from './hosted-module.js';

/** What was there before Nest: the database server, and the plan by which this process was started. */
@Module({})
class GivenModule {
  static with(server: DatabaseServer, placement: Placement): DynamicModule {
    return {
      module: GivenModule,
      global: true,
      providers: [
        { provide: DatabaseServer, useValue: server },
        { provide: Placement, useValue: placement },
      ],
      exports: [DatabaseServer, Placement],
    };
  }
}

/** All that one process consists of: the modules that it hosts, and what every process needs. */
@Module({})
export class ProcessModule {
  static hosting(
    modules: readonly HostedModule[],
    settings: LoadedSettings,
    server: DatabaseServer,
  ): DynamicModule {
    return {
      module: ProcessModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forProcess(),
        MetricsModule.forProcess(),
        HealthModule.forProcess(),
        GivenModule.with(server, placementOf(modules)),
        ContractsModule.forProcess(),
        MessagingModule.forProcess(),
        AuthModule.forProcess(),
        ...modules,
      ],
    };
  }
}

function placementOf(modules: readonly HostedModule[]): Placement {
  return new Placement('monolith', [{ name: 'monolith', hosts: modules.map((module) => module.context) }]);
}
