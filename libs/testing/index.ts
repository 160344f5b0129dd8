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
export { type KafkaAccess, KafkaGate } from './kafka-gate.js';
export type { KafkaMock } from './kafka-mock.js';
export { type DatabaseBehindProxy, databaseBehindProxy } from './database-behind-proxy.js';
export { LossyProxy } from './lossy-proxy.js';
export { openTestDatabase, type TestDatabase } from './open-test-database.js';
export { OtlpCollector } from './otlp-collector.js';
export type { OtlpLog } from './otlp-logs.js';
export type { OtlpMetric, OtlpPoint } from './otlp-metrics.js';
export type { OtlpSpan } from './otlp-spans.js';
export { type PgBouncer, type PgBouncerOptions, startPgBouncer } from './pgbouncer.js';
export type { ContextTestOptions } from './context/context-test-parts.js';
export type { ContextTest } from './context/context-test.js';
export { createContextTest } from './context/create-context-test.js';
export { type Fake, fake } from './context/fake.js';
export { describeOutcomes, drawTable } from './faults/fault-table.js';
export { FAULT_KINDS, type FaultKindName } from './faults/fault-kinds.js';
export { defineFaultScenario, type FaultScenario, type WorkChoice } from './faults/fault-scenario.js';
export { EVENT_BROKERS, type EventBroker, OwnBroker } from './faults/own-broker.js';
export { Random } from './faults/random.js';
export { type FaultOptions, type FaultOutcome, runFaults } from './faults/run-faults.js';
export {
  compareTopologies,
  describeDifferences,
  type ParityDifference,
  type ParityOptions,
} from './parity/compare-topologies.js';
export {
  checkPlan,
  type ParityPlan,
  parseRequests,
  type RecordedRequest,
} from './parity/recorded-request.js';
export { RequestRecorder } from './parity/request-recorder.js';
export type { Accounts } from './product/accounts.js';
export { CHANGE_TIMEOUT_MS } from './product/apply-topology.js';
export type { DatabasesOfContexts, LeftoverOptions } from './product/leftovers.js';
export { openAccounts } from './product/open-accounts.js';
export { type DrainedOptions, outboxesDrained } from './product/outboxes-drained.js';
export { RunningProduct, type RunOptions } from './product/running-product.js';
export { type Answer, type CallOptions, sendRequest } from './product/send-request.js';
export { isAlive, sendSignal } from './processes.js';
export { productOf } from './product-of.js';
export { Program, START_TIMEOUT_MS } from './program.js';
export { type SentStatement, StatementLog } from './statement-log.js';
export { makeTestCertificates, type TestCertificates } from './test-certificates.js';
export { dropDatabases, queryServer, startTestServer, type TestServer } from './test-database.js';
export { runTestFiles, type TestFilesOptions } from './run-test-files.js';
export { type SharedServices, startSharedServices } from './shared-services.js';
export { type IssuerKey, makeIssuerKey, TestIssuer } from './test-issuer.js';
export { TraceRecorder } from './trace-recorder.js';
export { unreadCounter } from './unread-counter.js';
export { until } from './until.js';
