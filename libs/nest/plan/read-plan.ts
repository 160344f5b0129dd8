import {
  errorOf,
  type LoadedSettings,
  type ReadSettings,
  SettingsError,
  settingsOf,
  type SettingsSources,
} from '@fissile/kit/config';
import type { Component } from '@fissile/kit/contract';
import { HttpSettings } from '@fissile/kit/http';
import type { HostedModule } from '../hosted-module.js';
import { checkPlan } from './plan-check.js';
import { planProcess, type ProcessPlan } from './process-plan.js';
import { TopologySettings } from '@fissile/kit/rpc';

/** What there is to host. */
type Hosting = { readonly components: readonly Component[] };
/** What the program that was started can host. */
type Available = readonly Pick<HostedModule, 'context'>[];

/** What a program is to be, and the settings of its processes. */
export interface SettledPlan {
  /** undefined when the topology is invalid. */
  readonly plan: ProcessPlan | undefined;
  readonly planErrors: readonly string[];
  /** What the settings say to every process. */
  readonly shared: ReadSettings;
  /** The settings of one process. */
  readonly settingsOfProcess: (planned: { name: string; hosts: readonly Component[] }) => ReadSettings;
}

/** Which process this is, and so which keys of Consul are its own, is itself a setting: one that all have in common. */
export function settlePlan(
  { components }: Hosting,
  modules: Available,
  sources: SettingsSources,
): SettledPlan {
  const available = modules.map(({ context }) => context);
  const knowsAll = available.length === components.length;
  const shared = sources.readFor({ hosts: [], knowsAll });
  const { PROCESS_ADDRESSES = [], ...topology } = settingsOf(TopologySettings, shared.loaded);
  const { PORT = 3000 } = settingsOf(HttpSettings, shared.loaded);
  const planErrors: string[] = [];
  const plan = planProcess({ ...topology, components, available, PROCESS_ADDRESSES, PORT }, planErrors);
  return {
    plan,
    planErrors,
    shared,
    settingsOfProcess: ({ name, hosts }) => sources.readFor({ process: name, hosts, knowsAll }),
  };
}

/** @throws SettingsError with all that is wrong with the settings and the topology at once */
export function readPlan(
  product: Hosting,
  modules: Available,
  sources: SettingsSources,
  check: (plan: ProcessPlan, loaded: LoadedSettings) => string[] = checkPlan,
): { loaded: LoadedSettings; plan: ProcessPlan } {
  const { plan, planErrors, shared, settingsOfProcess } = settlePlan(product, modules, sources);
  const { loaded, errors, refusals } = plan?.self ? settingsOfProcess(plan.self) : shared;
  const between = plan ? check(plan, loaded) : [];
  const all = [...errors, ...refusals.map(errorOf), ...planErrors, ...between];
  // What Consul may not say keeps nobody from a start; the process logs it once it watches Consul.
  const stops = all.length > refusals.filter(({ isForbidden }) => isForbidden).length;
  if (!plan || stops) throw new SettingsError(all);
  return { loaded, plan };
}
