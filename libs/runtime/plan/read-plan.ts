import {
  faultOf,
  type LoadedSettings,
  type ReadSettings,
  SettingsError,
  settingsOf,
  type SettingsSources,
} from '@fissile/kit/config';
import type { Component, Product } from '@fissile/kit/contract';
import { HttpSettings } from '@fissile/kit/http';
import type { HostedModule } from '../hosted-module.js';
import { checkPlan } from './plan-check.js';
import { planProcess, type ProcessPlan } from './process-plan.js';
import { TopologySettings } from '@fissile/kit/rpc';

/** What a program is to be, and the settings of its processes. */
export interface SettledPlan {
  /** undefined when the topology has faults. */
  readonly plan: ProcessPlan | undefined;
  readonly planFaults: readonly string[];
  /** What the settings say to every process. */
  readonly shared: ReadSettings;
  /** The settings of one process. */
  readonly settingsOfProcess: (placed: { name: string; hosts: readonly Component[] }) => ReadSettings;
}

/** Which process this is, and so which keys of Consul are its own, is itself a setting: one that all have in common. */
export function settlePlan(
  product: Product,
  modules: readonly HostedModule[],
  sources: SettingsSources,
): SettledPlan {
  const { components } = product;
  const available = modules.map(({ context }) => context);
  const knowsAll = available.length === components.length;
  const shared = sources.readFor({ hosts: [], knowsAll });
  const { TOPOLOGY, HOSTS, PROCESS_ADDRESSES = [], INSTANCE } = settingsOf(TopologySettings, shared.loaded);
  const { PORT = 3000 } = settingsOf(HttpSettings, shared.loaded);
  const planFaults: string[] = [];
  const plan = planProcess(
    { components, available, TOPOLOGY, HOSTS, PROCESS_ADDRESSES, INSTANCE, PORT },
    planFaults,
  );
  return {
    plan,
    planFaults,
    shared,
    settingsOfProcess: ({ name, hosts }) => sources.readFor({ process: name, hosts, knowsAll }),
  };
}

/** @throws SettingsError with all that is wrong with the settings and the topology at once */
export function readPlan(
  product: Product,
  modules: readonly HostedModule[],
  sources: SettingsSources,
  check: (plan: ProcessPlan, loaded: LoadedSettings) => string[] = checkPlan,
): { loaded: LoadedSettings; plan: ProcessPlan } {
  const { plan, planFaults, shared, settingsOfProcess } = settlePlan(product, modules, sources);
  const { loaded, faults, refusals } = plan?.self ? settingsOfProcess(plan.self) : shared;
  const between = plan ? check(plan, loaded) : [];
  const all = [...faults, ...refusals.map(faultOf), ...planFaults, ...between];
  if (!plan || all.length > 0) throw new SettingsError(all);
  return { loaded, plan };
}
