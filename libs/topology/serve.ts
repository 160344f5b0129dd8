import 'reflect-metadata';
import { type LoadedSettings, SettingsError, settingsOf, SettingsSources } from '#libs/config';
import { HOSTABLE } from '#libs/contracts';
import { HttpSettings } from '#libs/http';
import { Placement } from './placement.js';
import { checkPlan } from './plan-check.js';
import { planProcess, type ProcessPlan } from './process-plan.js';
import { startProcess } from './run-process.js';
import type { HostedModule } from './hosted-module.js';
import { explainStartFailure } from './start-failure.js';
import { stopOnSignals } from './stop-on-signals.js';
import { supervise } from './supervisor/supervise.js';
import { Supervised } from './supervisor/supervised.js';
import { TopologySettings } from './topology.settings.js';

/**
 * Runs what the settings ask for of these modules, until a signal stops it: one process, or, when the topology has
 * several and none of them is named, all of them under a supervisor. A start that fails is explained in a line.
 */
export async function serve(...modules: HostedModule[]): Promise<void> {
  try {
    const sources = await SettingsSources.read();
    const { loaded, plan } = readPlan(modules, sources);
    if (!plan.self) return await supervise(plan, loaded);
    const { topology, processes, self } = plan;
    const { SHUTDOWN_TIMEOUT_MS } = settingsOf(HttpSettings, loaded);
    const supervised = new Supervised(SHUTDOWN_TIMEOUT_MS);
    const hosted = modules.filter(({ context }) => self.hosts.includes(context));
    const running = await startProcess(hosted, new Placement(topology, processes, self), loaded);
    if (!supervised.isSupervised) console.log(running.banner);
    stopOnSignals(running, SHUTDOWN_TIMEOUT_MS, { announce: !supervised.isSupervised });
    supervised.isReady(running);
  } catch (error) {
    console.error(explainStartFailure(error));
    process.exit(1);
  }
}

/** @throws SettingsError with all that is wrong with the settings and the topology at once */
function readPlan(
  modules: readonly HostedModule[],
  sources: SettingsSources,
): { loaded: LoadedSettings; plan: ProcessPlan } {
  const available = modules.map(({ context }) => context);
  const knowsAll = available.length === HOSTABLE.length;
  // Which process this is, and so which keys of Consul are its own, is itself a setting.
  const shared = sources.readFor({ hosts: [], knowsAll });
  const { TOPOLOGY, HOSTS, PROCESS_ADDRESSES = [], INSTANCE } = settingsOf(TopologySettings, shared.loaded);
  const { PORT = 3000 } = settingsOf(HttpSettings, shared.loaded);
  const planFaults: string[] = [];
  const plan = planProcess({ available, TOPOLOGY, HOSTS, PROCESS_ADDRESSES, INSTANCE, PORT }, planFaults);
  const { loaded, faults } = plan?.self
    ? sources.readFor({ process: plan.self.name, hosts: plan.self.hosts, knowsAll })
    : shared;
  faults.push(...planFaults);
  if (plan) faults.push(...checkPlan(plan, loaded));
  if (!plan || faults.length > 0) throw new SettingsError(faults);
  return { loaded, plan };
}
