import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DependencyChecks } from './dependency-checks.js';
import { EventLoopLag } from './event-loop-lag.js';
import { HealthController } from './health.controller.js';
import { HealthRegistry } from './health-registry.js';
import { DATA_FOLDER, ProcessVitals } from './process-vitals.js';
import { SettingsHealth } from './settings-health.js';

@Module({})
export class HealthModule {
  /** @param dataFolder whose disk must not be full */
  static forProcess(dataFolder: string): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        HealthRegistry,
        DependencyChecks,
        { provide: DATA_FOLDER, useValue: dataFolder },
        { provide: EventLoopLag, useFactory: () => new EventLoopLag() },
        ProcessVitals,
        SettingsHealth,
      ],
      exports: [HealthRegistry],
    };
  }

  /** For an application that answers questions about its health itself. */
  static forApplication(): DynamicModule {
    return { module: HealthModule, global: true, providers: [HealthRegistry], exports: [HealthRegistry] };
  }
}
