import {
  ConsulSettings,
  isProduction,
  type LoadedSettings,
  productionErrors,
  settingsOf,
} from '@fissile/kit/config';
import { DiscoverySettings, isKeyOf, PlacementStoreSettings, TransportSettings } from '@fissile/kit/rpc';
import { EVENT_BUSES, MessagingSettings } from '@fissile/kit/messaging';
import type { ProcessPlan } from './process-plan.js';

/** What is wrong between the topology and other settings, a line each. */
export function checkPlan({ topology, processes, self }: ProcessPlan, loaded: LoadedSettings): string[] {
  const { DISCOVERY } = settingsOf(DiscoverySettings, loaded);
  const errors = productionErrors(loaded);
  if (DISCOVERY === 'consul' && settingsOf(ConsulSettings, loaded).CONSUL_URL === undefined) {
    errors.push('CONSUL_URL (not set): needed with DISCOVERY=consul');
  }
  const isShared = settingsOf(PlacementStoreSettings, loaded).PLACEMENT_STORE === 'consul';
  if (isShared) errors.push(...placementStoreErrors(self, loaded));
  errors.push(...brokerErrors(isShared ? Infinity : processes.length, loaded));
  if (processes.length === 1 && !isShared) return errors;
  errors.push(...trustErrors(topology, self, loaded));
  if (settingsOf(MessagingSettings, loaded).EVENT_BUS === 'local') {
    errors.push(
      `EVENT_BUS: local reaches one process alone, and ${isShared ? 'there may be' : `${topology} has`} several; ` +
        `expected one of ${EVENT_BUSES.filter((bus) => bus !== 'local').join(', ')}`,
    );
  }
  if (self && DISCOVERY !== 'consul' && (self.httpPort === 0 || self.rpcPort === 0)) {
    errors.push(
      'PORT: 0 takes any free port, which the other processes cannot know; ' +
        'set PORT or PROCESS_ADDRESSES, or DISCOVERY=consul',
    );
  }
  return errors;
}

/** What keeps the processes from sharing a placement that Consul holds. */
function placementStoreErrors(self: ProcessPlan['self'], loaded: LoadedSettings): string[] {
  const { DISCOVERY } = settingsOf(DiscoverySettings, loaded);
  const { CONSUL_URL, CONSUL_KV_PREFIX } = settingsOf(ConsulSettings, loaded);
  const { PLACEMENT_PREFIX } = settingsOf(PlacementStoreSettings, loaded);
  const errors: string[] = [];
  if (DISCOVERY !== 'consul') {
    errors.push(
      `DISCOVERY: ${DISCOVERY} says where processes were when they were started; ` +
        'expected consul with PLACEMENT_STORE=consul',
    );
    if (CONSUL_URL === undefined) errors.push('CONSUL_URL (not set): needed with PLACEMENT_STORE=consul');
  }
  if (`${PLACEMENT_PREFIX}/`.startsWith(`${CONSUL_KV_PREFIX}/`)) {
    errors.push(
      `PLACEMENT_PREFIX: ${PLACEMENT_PREFIX} is where the settings are (CONSUL_KV_PREFIX); expected another one`,
    );
  }
  if (!self) {
    errors.push(
      'HOSTS (not set): expected what this process hosts, since with PLACEMENT_STORE=consul something else starts the processes; ' +
        'or PLACEMENT_STORE=none',
    );
  }
  return errors;
}

/** In production what goes through a broker is signed or encrypted with a secret that the product was given. */
function brokerErrors(processCount: number, loaded: LoadedSettings): string[] {
  const { TRANSPORT, BROKER_SECRET, INTERNAL_AUTH_SECRET } = settingsOf(TransportSettings, loaded);
  if (!isProduction()) return [];
  if ((BROKER_SECRET ?? INTERNAL_AUTH_SECRET) !== undefined) return [];
  const { EVENT_BUS = 'local' } = settingsOf(MessagingSettings, loaded);
  // Several instances of one process share the broker, and would not accept each other's events.
  const uses = [
    ...(EVENT_BUS === 'local' || EVENT_BUS === 'direct' ? [] : [`signs the events on ${EVENT_BUS}`]),
    ...(processCount > 1 && TRANSPORT !== 'grpc' && TRANSPORT !== 'tcp'
      ? [`encrypts the calls over ${TRANSPORT}`]
      : []),
  ];
  if (uses.length === 0) return [];
  return [
    `BROKER_SECRET (not set): needed in production, since it ${uses.join(' and ')}; ` +
      'expected at least 32 characters, the same for all, or INTERNAL_AUTH_SECRET',
  ];
}

/** What keeps the processes of a topology from knowing each other. */
function trustErrors(topology: string, self: ProcessPlan['self'], loaded: LoadedSettings): string[] {
  const { INTERNAL_AUTH_SECRET, INTERNAL_AUTH_KEY, INTERNAL_AUTH_KEYS } = settingsOf(
    TransportSettings,
    loaded,
  );
  if (INTERNAL_AUTH_KEY !== undefined && INTERNAL_AUTH_KEYS === undefined) {
    return [
      'INTERNAL_AUTH_KEYS (not set): expected the public keys of all processes, since there is INTERNAL_AUTH_KEY',
    ];
  }
  if (INTERNAL_AUTH_KEY !== undefined && self && !isKeyOf(self.name, INTERNAL_AUTH_KEY, INTERNAL_AUTH_KEYS)) {
    return [`INTERNAL_AUTH_KEY: expected a key whose public half INTERNAL_AUTH_KEYS has for ${self.name}`];
  }
  const signs = INTERNAL_AUTH_KEY ?? INTERNAL_AUTH_SECRET;
  if (self && INTERNAL_AUTH_KEYS !== undefined && signs === undefined) {
    return [
      'INTERNAL_AUTH_KEY (not set): expected the private key of this process, since there is INTERNAL_AUTH_KEYS',
    ];
  }
  if (signs !== undefined || !isProduction()) return [];
  return [
    `INTERNAL_AUTH_SECRET (not set): needed in production, since ${topology} has several processes; ` +
      'expected at least 32 characters, the same for all, or INTERNAL_AUTH_KEY and INTERNAL_AUTH_KEYS',
  ];
}
