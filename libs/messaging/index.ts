export {
  type BrokerAccount,
  type BrokerUse,
  type ContextEvents,
  eventsOf,
} from './accounts/broker-account.js';
export { kafkaCommands } from './accounts/kafka-commands.js';
export { natsAuthorization } from './accounts/nats-configuration.js';
export { rabbitmqDefinitions } from './accounts/rabbitmq-definitions.js';
export { redisUsers } from './accounts/redis-users.js';
export { ContractInboxes, InboxServing } from './buses/direct/contract-inboxes.js';
export { RemoteInboxes } from './buses/direct/remote-inboxes.js';
export { EventBusStartError } from './buses/event-bus-start-error.js';
export type { EventBus } from './buses/event-bus.js';
export { LocalEventBus } from './buses/local-event-bus.js';
export {
  type DeadLetterAction,
  type DeadLetterFilter,
  type DeadLetterRecord,
  DeadLetters,
} from './inbox/dead-letters.js';
export type { EventHandler, EventOrder, PreparedHandler, ReceivedEvent } from './inbox/event-handling.js';
export { Inbox, type EventHandlers } from './inbox/inbox.js';
export { MessagingMetrics, WatchedOutboxes } from './messaging-metrics.js';
export { MESSAGING_MIGRATIONS } from './messaging.migration.js';
export { MessagingModule } from './messaging.module.js';
export { EVENT_BUSES, type EventBusName, MessagingSettings } from './messaging.settings.js';
export { Outbox } from './outbox/outbox.js';
export { unreadMessagingMetrics } from './unread-messaging-metrics.js';
