export { CallTransport } from './binding/call-transport.js';
export { type ClientOptions, ContractBinding } from './binding/contract-binding.js';
export { ContractDispatch } from './binding/contract-dispatch.js';
export { ContractRegistry } from './binding/contract-registry.js';
export { ContractServer } from './binding/contract-server.js';
export { RequestsUnderWay } from './binding/requests-under-way.js';
export { implement } from './binding/implement.js';
export { FieldCopier, MessageCopier, WireCopier } from './binding/message-copier.js';
export { RemoteCalls } from './binding/remote-calls.js';
export { unreadBreakerMetrics } from './breakers/unread-breaker-metrics.js';
export { BREAKER_STATES, BreakerMetrics, type BreakerState } from './breakers/breaker-metrics.js';
export type { BreakerStatus } from './breakers/breaker.js';
export { Breakers } from './breakers/breakers.js';
export { Fallbacks } from './breakers/fallbacks.js';
export { isNoAnswer } from './breakers/no-answer.js';
export { ResilienceModule } from './breakers/resilience.module.js';
export { Balancer, type Outcome } from './discovery/balancer.js';
export { DiscoveryModule } from './discovery/discovery.module.js';
export { DiscoverySettings } from './discovery/discovery.settings.js';
export { Discovery } from './discovery/discovery.js';
export {
  type Instance,
  originOf,
  type OwnProcess,
  type Endpoint,
  type PlannedProcess,
} from './discovery/endpoint.js';
export { Registration } from './discovery/registration.js';
export { BrokerSecret } from './broker-secret.js';
export type { RefusalReason } from './refused-messages.js';
export { hostsOf } from './identity/calling-components.js';
export { ConfiguredKeys, type GivenKeys } from './identity/configured-keys.js';
export { type Credentials } from './identity/credentials.js';
export { DeferredCredentials } from './identity/deferred-credentials.js';
export { isKeyOf } from './identity/key-set.js';
export { LocalKeys } from './identity/local-keys.js';
export { ProcessKey, type PublicKey } from './identity/process-key.js';
export { type CallingProcess, InternalTokens } from './internal-tokens.js';
export { addressOfProcess, Placement, type PlacementState } from './placement.js';
export { PlacementStoreSettings } from './placement-store.settings.js';
export { TopologySettings } from './topology.settings.js';
export {
  natsConnectionOptions,
  natsInboxPrefix,
  type NatsSettings,
} from './transports/nats-connection-options.js';
export { callPattern, cancelPattern } from './transports/packets/packet.js';
export type { RabbitmqSettings } from './transports/packets/rmq-transport.js';
export {
  redisConnectionOptions,
  type RedisSettings,
  renewRedisUser,
} from './transports/redis-connection-options.js';
export { RedisNames } from './transports/redis-names.js';
export type { RpcTransport } from './transports/rpc.js';
export { TransportSettings } from './transports/transport.settings.js';
export { transportOf } from './transports/transports.js';
