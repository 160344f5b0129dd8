import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DependencyChecks } from './dependency-checks.js';
import { HealthController } from './health.controller.js';
import { HealthRegistry } from './health-registry.js';

@Module({})
export class HealthModule {
  static forProcess(): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [HealthRegistry, DependencyChecks],
      exports: [HealthRegistry],
    };
  }
}
