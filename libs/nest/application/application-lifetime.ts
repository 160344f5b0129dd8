import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DatabaseServer } from '@fissile/kit/database';
import { HealthRegistry } from '@fissile/kit/health';
import { ContractServer, Registration } from '@fissile/kit/rpc';

/** Takes calls of other processes from the start of the application to its end. */
@Injectable()
export class ApplicationLifetime implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly calls: ContractServer,
    private readonly registration: Registration,
    private readonly health: HealthRegistry,
    private readonly databases: DatabaseServer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.calls.start();
    this.health.announceStart();
    await this.registration.register();
  }

  async onModuleDestroy(): Promise<void> {
    this.health.announceLeaving();
    await this.registration.deregister();
    this.health.announceStop();
    await this.calls.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.databases.close();
  }
}
