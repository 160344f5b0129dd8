export { DeadLetters, type DeadLetterRecord } from './dead-letters.js';
export { EventBus, type Subscriber } from './event-bus.js';
export { Inbox, type EventHandler, type ReceivedEvent } from './inbox.js';
export { MessagingModule } from './messaging.module.js';
export { CreateMessaging1700000000000 } from './messaging.migration.js';
export { Outbox } from './outbox.js';
export { LocalEventBus } from './local-event-bus.js';
export { EVENT_BUSES, MessagingSettings } from './messaging.settings.js';
export { RemoteInboxes } from './remote-inboxes.js';
