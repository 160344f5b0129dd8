import { type DynamicModule, Module } from '@nestjs/common';
import { DeadLetters } from './dead-letters.js';
import { DirectEventBus } from './direct-event-bus.js';
import { EventBus } from './event-bus.js';
import { Inbox } from './inbox.js';
import { LocalEventBus } from './local-event-bus.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

@Module({})
export class MessagingModule {
  /** The bus of the process. `direct` needs a provider of RemoteInboxes. */
  static forProcess(bus: 'local' | 'direct'): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        LocalEventBus,
        bus === 'local'
          ? { provide: EventBus, useExisting: LocalEventBus }
          : { provide: EventBus, useClass: DirectEventBus },
      ],
      exports: [EventBus, LocalEventBus],
    };
  }

  /** The outbox, inbox and dead letters of the context that imports it. */
  static forContext(database: DynamicModule): DynamicModule {
    return {
      module: MessagingModule,
      imports: [database],
      providers: [Outbox, OutboxRelay, Inbox, DeadLetters],
      exports: [Outbox, Inbox, DeadLetters],
    };
  }
}
