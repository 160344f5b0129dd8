export { unreadBreakerMetrics } from './breaker-metrics.js';
export {
  type BrokerName,
  BROKERS,
  brokerSettings,
  brokerUrl,
  freePort,
  provideBroker,
  type RunningBroker,
  startBroker,
  startKafka,
} from './brokers.js';
export { clearBroker } from './clear-broker.js';
export { ConsulAgent } from './consul-agent/consul-agent.js';
export { findProgram, isInstalled } from './debian-packages.js';
export type { KafkaMock } from './kafka-mock.js';
export { LossyProxy } from './lossy-proxy.js';
export { unreadMessagingMetrics } from './messaging-metrics.js';
export { openTestDatabase, type TestDatabase } from './open-test-database.js';
export { OtlpCollector } from './otlp-collector.js';
export type { OtlpSpan } from './otlp-spans.js';
export { type PgBouncer, type PgBouncerOptions, startPgBouncer } from './pgbouncer.js';
export { isAlive, sendSignal } from './processes.js';
export { productOf } from './product-of.js';
export { Program } from './program.js';
export { type SentStatement, StatementLog } from './statement-log.js';
export { dropDatabases, queryServer, startTestServer, type TestServer } from './test-database.js';
export { runTestFiles } from './run-test-files.js';
export { type SharedServices, startSharedServices } from './shared-services.js';
export { type IssuerKey, makeIssuerKey, TestIssuer } from './test-issuer.js';
export { TraceRecorder } from './trace-recorder.js';
export { unreadCounter } from './unread-counter.js';
export { until } from './until.js';
