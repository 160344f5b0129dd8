import {
  type LoadedSettings,
  SettingsError,
  type SettingsPlace,
  settingsOf,
  SettingsSources,
} from '@fissile/kit/config';
import type { Component, Product } from '@fissile/kit/contract';
import { Placement, PlacementStoreSettings } from '@fissile/kit/rpc';
import type { HostedModule } from '../hosted-module.js';
import { resolveAdvertisedAddress } from '../plan/advertised-address.js';
import { readPlan, settlePlan } from '../plan/read-plan.js';
import type { ApplicationParts, ApplicationSettings } from './application-options.js';

/** What the settings make of an application that hosts contexts. */
export class ApplicationStart {
  constructor(
    readonly loaded: LoadedSettings,
    readonly placement: Placement,
  ) {}
}

/** The application serves its HTTP itself, so there is no gateway to host. */
function hostingOf(product: Product): { readonly components: readonly Component[] } {
  return { components: product.contextNames };
}

function availableOf({ application, modules = [] }: ApplicationParts): Pick<HostedModule, 'context'>[] {
  return [...(application === undefined ? [] : [{ context: application }]), ...modules];
}

/** Files in config/ other than the topology are the application's own. */
function placeOf({ settings = {} }: ApplicationSettings): SettingsPlace {
  // A variable that is set to nothing says nothing.
  const set = Object.entries(process.env).filter(([, value]) => value !== '');
  return { environment: { ...settings, ...Object.fromEntries(set) }, readsYaml: false };
}

/**
 * The modules that this process hosts by its settings, which Nest has to know before it starts. All of them when the
 * settings are wrong: `startOf` says so then.
 */
export function hostedModules(
  product: Product,
  options: ApplicationParts & ApplicationSettings,
): HostedModule[] {
  const sources = SettingsSources.readLocal(placeOf(options));
  const { plan } = settlePlan(hostingOf(product), availableOf(options), sources);
  const hosts = plan?.self?.hosts;
  return (options.modules ?? []).filter(({ context }) => hosts?.includes(context) ?? true);
}

/**
 * Reads all settings, Consul's too, and places the application among the processes of the topology.
 * @throws SettingsError
 */
export async function startOf(
  product: Product,
  parts: ApplicationParts,
  given: ApplicationSettings,
  chosen: readonly HostedModule[],
): Promise<ApplicationStart> {
  const sources = await SettingsSources.read(placeOf(given));
  const { loaded, plan } = readPlan(hostingOf(product), availableOf(parts), sources);
  const { topology, processes } = plan;
  if (!plan.self) {
    const known = processes.map(({ hosts }) => hosts.join(',')).join(' or ');
    throw new SettingsError([
      `HOSTS (not set): ${topology} has several processes, and this is one of them; expected ${known}`,
    ]);
  }
  if (settingsOf(PlacementStoreSettings, loaded).PLACEMENT_STORE !== 'none') {
    throw new SettingsError([
      'PLACEMENT_STORE: contexts do not move out of an application of its own; expected none here',
    ]);
  }
  const self = await resolveAdvertisedAddress(plan.self, loaded);
  refuseOtherHosts(self.hosts, parts, chosen);
  return new ApplicationStart(loaded, new Placement(product, topology, processes, self));
}

function refuseOtherHosts(
  hosts: readonly Component[],
  { application }: ApplicationParts,
  chosen: readonly HostedModule[],
): void {
  if (application !== undefined && !hosts.includes(application)) {
    throw new SettingsError([
      `HOSTS: this program is ${application} itself and cannot run without it; expected ${application} among ` +
        `${hosts.join(',')}, or another program`,
    ]);
  }
  const expected = hosts.filter((host) => host !== application);
  if (expected.length !== chosen.length) {
    throw new SettingsError([
      `HOSTS: what is hosted must be known before the start, and is ${hosts.join(',')} only since the factory of ` +
        'forRootAsync has run; expected HOSTS and TOPOLOGY in the environment',
    ]);
  }
}
