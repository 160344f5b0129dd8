import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { consulAccessOf, ConsulClient, ConsulSettings } from '@fissile/kit/config';
import { HealthRegistry } from '@fissile/kit/health';
import { readVersion } from '@fissile/kit/observability';
import { Balancer } from './balancer.js';
import { ConsulRegistration } from './consul-registration.js';
import { ConsulSource } from './consul-source.js';
import { Discovery } from './discovery.js';
import { discoveryMetricProviders } from './discovery-metrics.js';
import { DiscoverySettings } from './discovery.settings.js';
import { DnsSource } from './dns-source.js';
import type { InstanceSource } from './instance-source.js';
import { instanceAt, type OwnProcess } from './endpoint.js';
import { Placement } from '../placement.js';
import { PlacementStoreSettings } from '../placement-store.settings.js';
import { NoRegistration, Registration } from './registration.js';
import { askNameServers, askSystem } from './resolve-addresses.js';
import { StaticSource } from './static-source.js';

const SOURCE = 'source of instances';

/** Runs discovery from before the first request until after the last. */
@Injectable()
class Polling implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(SOURCE) private readonly source: InstanceSource,
    private readonly discovery: Discovery,
    private readonly health: HealthRegistry,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.source.start();
    if (this.discovery.source !== 'consul') return;
    // Informational only: without Consul, the last known instances remain in use.
    this.health.addSource(async () => ({ consul: this.discovery.registryIsUp ? 'up' : 'down' }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.source.stop();
  }
}

/** Discovers the instances of contexts, balances requests among them, and registers this process. */
@Module({})
export class DiscoveryModule {
  /** Needs a provider of Placement. */
  static forProcess(): DynamicModule {
    return {
      module: DiscoveryModule,
      global: true,
      providers: [
        {
          provide: Discovery,
          inject: [Placement, DiscoverySettings],
          // A process does not know its own address behind a host name.
          useFactory: ({ self }: Placement, { DISCOVERY }: DiscoverySettings) =>
            new Discovery(DISCOVERY, DISCOVERY === 'dns' ? undefined : instanceAt(self).id),
        },
        {
          provide: SOURCE,
          inject: [Discovery, Placement, DiscoverySettings, ConsulSettings, PlacementStoreSettings],
          useFactory: (
            discovery: Discovery,
            placement: Placement,
            settings: DiscoverySettings,
            consul: ConsulSettings,
            { PLACEMENT_STORE }: PlacementStoreSettings,
          ) =>
            // The placement says where the instances are, since those who route by it acknowledge each change of it.
            PLACEMENT_STORE === 'consul'
              ? new StaticSource(discovery, placement)
              : sourceOf(discovery, placement, settings, consul),
        },
        {
          provide: Registration,
          inject: [Placement, DiscoverySettings, ConsulSettings, PlacementStoreSettings],
          useFactory: (
            { self }: Placement,
            settings: DiscoverySettings,
            consul: ConsulSettings,
            { PLACEMENT_STORE }: PlacementStoreSettings,
          ) => (PLACEMENT_STORE === 'consul' ? new NoRegistration() : registrationOf(self, settings, consul)),
        },
        Polling,
        Balancer,
        ...discoveryMetricProviders,
      ],
      exports: [Discovery, Balancer, Registration],
    };
  }
}

function sourceOf(
  discovery: Discovery,
  placement: Placement,
  { DISCOVERY, DISCOVERY_DNS_EVERY_MS, DISCOVERY_DNS_SERVERS, DISCOVERY_PREFIX }: DiscoverySettings,
  consul: ConsulSettings,
): InstanceSource {
  if (DISCOVERY === 'consul') {
    const components = placement.processes.flatMap(({ hosts }) => hosts);
    return new ConsulSource(discovery, clientOf(consul), DISCOVERY_PREFIX, components);
  }
  if (DISCOVERY === 'dns') {
    const resolve = DISCOVERY_DNS_SERVERS.length > 0 ? askNameServers(DISCOVERY_DNS_SERVERS) : askSystem;
    return new DnsSource(discovery, placement.processes, DISCOVERY_DNS_EVERY_MS, resolve);
  }
  return new StaticSource(discovery, placement);
}

function registrationOf(self: OwnProcess, settings: DiscoverySettings, consul: ConsulSettings): Registration {
  const { DISCOVERY, DISCOVERY_PREFIX: prefix, DISCOVERY_CHECK_MS, DISCOVERY_LEAVE_MS } = settings;
  if (DISCOVERY !== 'consul') return new NoRegistration();
  const service = { prefix, self, version: readVersion(), checkEveryMs: DISCOVERY_CHECK_MS };
  return new ConsulRegistration(clientOf(consul), service, DISCOVERY_LEAVE_MS);
}

function clientOf(settings: ConsulSettings): ConsulClient {
  const access = consulAccessOf(settings);
  if (access === undefined) throw new Error('Consul is selected, but CONSUL_URL is not set');
  return new ConsulClient(access);
}
