import { type DynamicModule, Module } from '@nestjs/common';
import { Product } from '@fissile/kit/contract';
import { CleanUp, Database } from '@fissile/kit/database';
import { HealthRegistry } from '@fissile/kit/health';
import { BrokerSecret, Placement, TransportSettings } from '@fissile/kit/rpc';
import { BrokerEventBus } from './buses/broker-event-bus.js';
import { brokerOf } from './buses/brokers.js';
import { DeadLetters } from './inbox/dead-letters.js';
import { DirectEventBus } from './buses/direct/direct-event-bus.js';
import { EventBus } from './buses/event-bus.js';
import { EventSignatures } from './buses/event-signatures.js';
import { RemoteInboxes } from './buses/direct/remote-inboxes.js';
import { Inbox } from './inbox/inbox.js';
import { LocalEventBus } from './buses/local-event-bus.js';
import { messagingCleanUp } from './messaging-clean-up.js';
import { messagingMetricProviders, MessagingMetrics } from './messaging-metrics.js';
import { type BrokerBusName, MessagingSettings } from './messaging.settings.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { SubscriptionCheck } from './inbox/subscription-check.js';
import { SubscriptionRecord } from './inbox/subscription-record.js';
import { WaitingEventLoop } from './inbox/waiting-event-loop.js';

@Module({})
export class MessagingModule {
  /** The bus of the process. It needs providers of Product, Placement and RemoteInboxes. */
  static forProcess(): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [...messagingMetricProviders, LocalEventBus, eventBusProvider],
      exports: [EventBus, LocalEventBus, MessagingMetrics],
    };
  }

  /** The outbox, inbox and dead letters of the importing context. */
  static forContext(database: DynamicModule): DynamicModule {
    return {
      module: MessagingModule,
      imports: [database],
      providers: [
        Outbox,
        OutboxRelay,
        Inbox,
        DeadLetters,
        SubscriptionCheck,
        SubscriptionRecord,
        WaitingEventLoop,
        { provide: CleanUp, inject: [Database, MessagingSettings], useFactory: messagingCleanUp },
      ],
      exports: [Outbox, Inbox, DeadLetters],
    };
  }
}

interface BusParts {
  readonly product: Product;
  readonly placement: Placement;
  readonly transport: TransportSettings;
  readonly messaging: MessagingSettings;
  readonly local: LocalEventBus;
  readonly health: HealthRegistry;
  readonly secret: BrokerSecret;
}

const eventBusProvider = {
  provide: EventBus,
  inject: [
    Product,
    Placement,
    TransportSettings,
    MessagingSettings,
    LocalEventBus,
    RemoteInboxes,
    HealthRegistry,
    BrokerSecret,
    MessagingMetrics,
  ],
  useFactory: async (
    product: Product,
    placement: Placement,
    transport: TransportSettings,
    messaging: MessagingSettings,
    local: LocalEventBus,
    remote: RemoteInboxes,
    health: HealthRegistry,
    secret: BrokerSecret,
    metrics: MessagingMetrics,
  ): Promise<EventBus> => {
    local.limitTo((context) => placement.isLocal(context));
    local.reportTo((source, context) => metrics.delivered(source, context));
    const bus = messaging.EVENT_BUS ?? 'direct';
    if (bus === 'local') return local;
    if (bus === 'direct') return new DirectEventBus(local, remote);
    return openBroker(bus, { product, placement, transport, messaging, local, health, secret });
  },
};

/** Part of /health, but not of readiness: without a broker requests are served as before, and events wait. */
async function openBroker(
  name: BrokerBusName,
  { product, placement, transport, messaging, local, health, secret }: BusParts,
): Promise<EventBus> {
  const sources = new Set(product.contextNames.map((context) => `/${context}`));
  const signatures = new EventSignatures(secret, transport, sources);
  const broker = await brokerOf(name, { transport, messaging }, { product, process: placement.self.name });
  const bus = new BrokerEventBus(broker, local, {
    signatures,
    isHosted: (context) => placement.isLocal(context),
  });
  placement.onChange(() => bus.followPlacement());
  health.addSource(async () => ({ [name]: bus.isConnected ? 'up' : 'down' }));
  return bus;
}
