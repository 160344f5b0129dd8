export { Api, type Answer, type Customer, type Json } from './api.js';
export { ADMIN, Shop, type ShopOptions, TEST_SETTINGS } from './shop.js';
export { provideSharedShop, sharedShop, type ProvidedShop, type SharedShop } from './shared-shop.js';
export { provideDatabaseTemplate } from './database-template.js';
export { dropDatabases, queryServer, startTestServer, type TestServer } from './test-database.js';
export { isAlive } from './processes.js';
export { OtlpCollector } from './otlp-collector.js';
export type { OtlpSpan } from './otlp-spans.js';
export { Program } from './program.js';
export { ProjectCopy } from './project-copy.js';
export { reconcile } from './reconcile.js';
export { ConsulAgent, type ConsulAgentOptions } from './consul-agent/consul-agent.js';
export { StripeStandIn } from './stripe-stand-in.js';
export { openTestDatabase, type TestDatabase } from './open-test-database.js';
export { unreadMessagingMetrics } from './messaging-metrics.js';
export { unreadBreakerMetrics } from './breaker-metrics.js';
export { LossyProxy } from './lossy-proxy.js';
export { unreadCounter } from './unread-counter.js';
export { fillShop, type Filling } from './fill-shop.js';
export { type SentStatement, StatementLog } from './statement-log.js';
export { TraceRecorder } from './trace-recorder.js';
export { until } from './until.js';
export {
  brokerSettings,
  brokerUrl,
  BROKERS,
  freePort,
  portOf,
  provideBroker,
  startBroker,
  startKafka,
  type BrokerName,
  type RunningBroker,
} from './brokers.js';
export type { KafkaMock } from './kafka-mock.js';
export { hasBrowser, openBrowser, provideBrowser } from './browser.js';
export { clearBroker } from './clear-broker.js';
