import { Logger } from '@nestjs/common';
import {
  ConsulClient,
  consulAccessOf,
  ConsulSettings,
  type LoadedSettings,
  SettingsError,
  settingsOf,
} from '@fissile/kit/config';
import { GATEWAY, type Product } from '@fissile/kit/contract';
import { DatabaseSettings } from '@fissile/kit/database';
import { HttpSettings } from '@fissile/kit/http';
import {
  type HostedModule,
  type ProcessPlan,
  readTopologies,
  resolveAdvertisedAddress,
} from '@fissile/kit/nest';
import {
  Discovery,
  DiscoverySettings,
  type OwnProcess,
  Placement,
  PlacementStoreSettings,
} from '@fissile/kit/rpc';
import { setTimeout as pause } from 'node:timers/promises';
import { openControlSocket } from '../control-socket.js';
import { partitionOf } from '../local-control.js';
import { hostsEdge } from '../plan-change.js';
import { type RunningProcess, startProcess } from '../../run-process.js';
import { stopOnSignals } from '../../stop-on-signals.js';
import { MemberKey } from './member-key.js';
import { located, PlacementFollower } from './placement-follower.js';
import { PlacementStore } from './placement-store.js';
import { StoreControl } from './store-control.js';
import { NOTHING_STORED, type StoredPlacement, type StoreView } from './stored-placement.js';

/** Whether Consul keeps which process hosts what. */
export function isPlacedByStore(loaded: LoadedSettings): boolean {
  return settingsOf(PlacementStoreSettings, loaded).PLACEMENT_STORE === 'consul';
}

/** Runs one process of those that something else starts, and whose placement is in Consul. */
export async function runPlaced(
  product: Product,
  modules: readonly HostedModule[],
  plan: ProcessPlan & { readonly self: OwnProcess },
  loaded: LoadedSettings,
): Promise<void> {
  const {
    PLACEMENT_PREFIX,
    PLACEMENT_SESSION_MS,
    PLACEMENT_START_MS: startMs,
  } = settingsOf(PlacementStoreSettings, loaded);
  const client = clientOf(loaded);
  const store = new PlacementStore(client, PLACEMENT_PREFIX);
  const own = await resolveAdvertisedAddress(plan.self, loaded);
  const placement = placementOf(product, plan, own, await firstLook(store));
  const isEdge = placement.isLocal(GATEWAY);
  const control = new StoreControl({
    store,
    placement,
    isEdge,
    startMs,
    partitionOf: (topology) => partitionOf(product, topology),
    topologies: () => readTopologies(product.components),
  });
  const hosted = modules.filter(({ context }) => placement.loaded.includes(context));
  const running = await startProcess(hosted, placement, loaded, control);
  const instance = `${own.address.replaceAll(':', '.')}-${own.httpPort}`;
  const key = new MemberKey(client, store.keyOfMember(own.name, instance), PLACEMENT_SESSION_MS);
  const leave = followStore(store, { placement, control, running, key });
  const { DATA_DIR } = settingsOf(DatabaseSettings, loaded);
  const closeSocket = isEdge ? await openControlSocket(DATA_DIR, control) : () => undefined;
  const { DISCOVERY_LEAVE_MS } = settingsOf(DiscoverySettings, loaded);
  const stop = async (): Promise<void> => {
    closeSocket();
    await leave();
    // Until the others have heard of it.
    await pause(DISCOVERY_LEAVE_MS);
    await running.stop();
  };
  stopOnSignals({ stop }, settingsOf(HttpSettings, loaded).SHUTDOWN_TIMEOUT_MS + DISCOVERY_LEAVE_MS);
  console.log(running.banner);
}

/** @returns what ends it */
function followStore(
  store: PlacementStore,
  {
    placement,
    control,
    running,
    key,
  }: { placement: Placement; control: StoreControl; running: RunningProcess; key: MemberKey },
): () => Promise<void> {
  const discovery = running.get(Discovery);
  const follower = new PlacementFollower({ placement, member: running.member, discovery, key });
  const watch = store.watch({
    onChange: (view) => {
      follower.take(view);
      void control.take(view);
    },
    onLost: (reason) => {
      follower.lose();
      control.lose(reason);
    },
    onFound: () => {
      follower.findAgain();
      void control.findAgain();
    },
  });
  follower.join();
  watch.start();
  return async () => {
    control.stop();
    await watch.stop();
    await key.leave();
  };
}

/** What Consul says before this process begins; nothing when it does not answer. Then the settings count. */
async function firstLook(store: PlacementStore): Promise<StoreView> {
  try {
    return await store.read();
  } catch (error) {
    new Logger('Topology').warn(
      `Consul does not answer (${(error as Error).message}); this process begins with what its settings say`,
    );
    return NOTHING_STORED;
  }
}

/**
 * The placement that this process begins with. One that the stored placement does not have hosts nothing, until a context moves to it.
 * @throws SettingsError when it is not what the placement says of it
 */
function placementOf(
  product: Product,
  plan: ProcessPlan,
  own: OwnProcess,
  { stored, members }: StoreView,
): Placement {
  if (!stored) return new Placement(product, plan.topology, plan.processes, own, plan.version, true);
  const code = [...new Set([...own.hosts, ...(own.standby ?? [])])];
  const found = stored.placement.processes.find(({ name }) => name === own.name);
  const hosts = found?.hosts ?? [];
  const refused = refusalOf(own, code, hosts, stored);
  if (refused !== undefined) throw new SettingsError([refused]);
  const self = { ...own, hosts, standby: code.filter((component) => !hosts.includes(component)) };
  const { topology, version, processes } = located(stored.placement, members, plan.processes);
  return new Placement(product, topology, processes, self, version, true);
}

function refusalOf(
  { name, hosts: wanted }: OwnProcess,
  code: readonly string[],
  hosts: readonly string[],
  { placement }: StoredPlacement,
): string | undefined {
  const missing = hosts.filter((component) => !code.includes(component));
  if (missing.length > 0) {
    return (
      `HOSTS: in version ${placement.version} of the placement in Consul, ${name} hosts ${missing.join(', ')} too, whose code ` +
      'it does not have; expected it in HOSTS or STANDBY, or move it away first'
    );
  }
  const edge = placement.processes.find(hostsEdge)?.name;
  if (wanted.includes(GATEWAY) && !hosts.includes(GATEWAY)) {
    return (
      `TOPOLOGY: in version ${placement.version} of the placement in Consul, ${edge} hosts the ${GATEWAY}, and this process is ` +
      `${name}; expected the topology whose process is ${edge}`
    );
  }
  return undefined;
}

function clientOf(loaded: LoadedSettings): ConsulClient {
  const access = consulAccessOf(settingsOf(ConsulSettings, loaded));
  if (access === undefined) throw new Error('Consul is selected, but CONSUL_URL is not set');
  return new ConsulClient(access);
}
