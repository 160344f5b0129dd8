import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Product } from '@fissile/kit/contract';
import { CleanUp, Database } from '@fissile/kit/database';
import { HealthRegistry } from '@fissile/kit/health';
import { TransportSettings } from '@fissile/kit/rpc';
import { BrokerEventBus } from './buses/broker-event-bus.js';
import { brokerOf } from './buses/brokers.js';
import { DeadLetters } from './inbox/dead-letters.js';
import { DirectEventBus } from './buses/direct/direct-event-bus.js';
import { EventBus } from './buses/event-bus.js';
import { Inbox } from './inbox/inbox.js';
import { LocalEventBus } from './buses/local-event-bus.js';
import { messagingCleanUp } from './messaging-clean-up.js';
import { messagingMetricProviders, MessagingMetrics } from './messaging-metrics.js';
import { type BrokerBusName, type EventBusName, MessagingSettings } from './messaging.settings.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { SubscriptionCheck } from './inbox/subscription-check.js';

@Module({})
export class MessagingModule {
  /** The bus of the process. `direct` needs a provider of RemoteInboxes. */
  static forProcess(bus: EventBusName): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [...messagingMetricProviders, LocalEventBus, providerOf(bus)],
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
        { provide: CleanUp, inject: [Database, MessagingSettings], useFactory: messagingCleanUp },
      ],
      exports: [Outbox, Inbox, DeadLetters],
    };
  }
}

function providerOf(bus: EventBusName): Provider {
  if (bus === 'local') return { provide: EventBus, useExisting: LocalEventBus };
  if (bus === 'direct') return { provide: EventBus, useClass: DirectEventBus };
  return brokerProvider(bus);
}

/** Part of /health, but not of readiness: without a broker requests are served as before, and events wait. */
function brokerProvider(name: BrokerBusName): Provider {
  return {
    provide: EventBus,
    inject: [Product, TransportSettings, MessagingSettings, LocalEventBus, HealthRegistry],
    useFactory: async (
      product: Product,
      transport: TransportSettings,
      messaging: MessagingSettings,
      local: LocalEventBus,
      health: HealthRegistry,
    ) => {
      const bus = new BrokerEventBus(await brokerOf(name, { ...transport, ...messaging }, product), local);
      health.addSource(async () => ({ [name]: bus.isConnected ? 'up' : 'down' }));
      return bus;
    },
  };
}
