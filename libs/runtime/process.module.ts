import { AccessPolicyModule } from '@fissile/kit/http';
import { type DynamicModule, Module } from '@nestjs/common';
import { type LoadedSettings, SettingsModule, settingsOf } from '@fissile/kit/config';
import { DatabaseServer, DatabaseSettings } from '@fissile/kit/database';
import { type CallDependencies, ContractsModule, type HostedModule, HostingModule } from '@fissile/kit/nest';
import { CallTransport, BrokerSecret, InternalTokens, Placement } from '@fissile/kit/rpc';
import { TopologyControl } from '@fissile/kit/operations';
import { HealthModule } from '@fissile/kit/health';
import {
  LoggingModule,
  MetricsModule,
  RecentTelemetry,
  type Telemetry,
  TracingModule,
} from '@fissile/kit/observability';
import { ApiDocsModule } from './docs/api-docs.module.js';

/** What was there before Nest. */
export interface ProcessDependencies extends CallDependencies {
  readonly settings: LoadedSettings;
  readonly telemetry: Telemetry;
  readonly server: DatabaseServer;
  readonly placement: Placement;
  readonly control: TopologyControl;
}

/** All that one process consists of: the modules that it hosts, and what every process needs. */
@Module({})
export class ProcessModule {
  static hosting(modules: readonly HostedModule[], dependencies: ProcessDependencies): DynamicModule {
    const { settings, telemetry, server, placement, control, transport, tokens, secret } = dependencies;
    return {
      module: ProcessModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forProcess(settings, telemetry),
        MetricsModule.forProcess(placement),
        TracingModule.forProcess(telemetry.isTracing),
        HealthModule.forProcess(settingsOf(DatabaseSettings, settings).DATA_DIR),
        HostingModule.forProcess(placement.product, [
          { provide: DatabaseServer, useValue: server },
          { provide: Placement, useValue: placement },
          { provide: TopologyControl, useValue: control },
          { provide: CallTransport, useValue: transport },
          { provide: InternalTokens, useValue: tokens },
          { provide: BrokerSecret, useValue: secret },
          { provide: RecentTelemetry, useValue: telemetry.recent },
        ]),
        ApiDocsModule,
        AccessPolicyModule,
        ...modules.map((module) => ContractsModule.hosted(placement.product, module)),
      ],
    };
  }
}
