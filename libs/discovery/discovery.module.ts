import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Balancer } from './balancer.js';
import { Discovery } from './discovery.js';
import { discoveryMetricProviders } from './discovery-metrics.js';
import { DiscoverySettings } from './discovery.settings.js';
import { DnsSource } from './dns-source.js';
import type { InstanceSource } from './instance-source.js';
import { instanceAt, type OwnProcess, type PlacedProcess } from './place.js';
import { StaticSource } from './static-source.js';

const SOURCE = 'source of instances';

/** Looks for instances from before the first request until after the last. */
@Injectable()
class Looking implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(SOURCE) private readonly source: InstanceSource) {}

  async onModuleInit(): Promise<void> {
    await this.source.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.source.stop();
  }
}

/** Finds the instances of contexts, and chooses among them. */
@Module({})
export class DiscoveryModule {
  static forProcess(processes: readonly PlacedProcess[], self: OwnProcess): DynamicModule {
    return {
      module: DiscoveryModule,
      global: true,
      providers: [
        {
          provide: Discovery,
          inject: [DiscoverySettings],
          useFactory: ({ DISCOVERY }: DiscoverySettings) =>
            new Discovery(DISCOVERY, DISCOVERY === 'static' ? instanceAt(self).id : undefined),
        },
        {
          provide: SOURCE,
          inject: [Discovery, DiscoverySettings],
          useFactory: (discovery: Discovery, settings: DiscoverySettings) =>
            sourceOf(discovery, processes, settings),
        },
        Looking,
        Balancer,
        ...discoveryMetricProviders,
      ],
      exports: [Discovery, Balancer],
    };
  }
}

function sourceOf(
  discovery: Discovery,
  processes: readonly PlacedProcess[],
  { DISCOVERY, DISCOVERY_DNS_EVERY_MS }: DiscoverySettings,
): InstanceSource {
  if (DISCOVERY === 'dns') return new DnsSource(discovery, processes, DISCOVERY_DNS_EVERY_MS);
  return new StaticSource(discovery, processes);
}
