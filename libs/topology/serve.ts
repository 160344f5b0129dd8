import 'reflect-metadata';
import { settingsOf, SettingsSources } from '#libs/config';
import { HttpSettings } from '#libs/http';
import { redactor } from '#libs/telemetry';
import { Placement } from './placement.js';
import { type ModuleLoaders, loadChosen } from './chosen-modules.js';
import { keepCompiled } from './compile-cache.js';
import { settleDown } from './own-place.js';
import { readPlan } from './read-plan.js';
import { startProcess } from './run-process.js';
import type { HostedModule } from './hosted-module.js';
import { migrateDatabases } from './migrate-databases.js';
import { showSettings } from './show-settings.js';
import { explainStartFailure } from './start-failure.js';
import { stopOnSignals } from './stop-on-signals.js';
import { supervise } from './supervisor/supervise.js';
import { Supervised } from './supervisor/supervised.js';

/**
 * Runs what the settings ask for of these modules, until a signal stops it: one process, or, when the topology has
 * several and none of them is named, all of them under a supervisor. A start that fails is explained in a line. With the
 * argument `config`, it shows the settings instead; with `migrate`, it brings the databases up to date and ends.
 */
export async function serve(...modules: HostedModule[]): Promise<void> {
  const [command, ...words] = process.argv.slice(2);
  try {
    if (command === 'config') process.exitCode = await showSettings(modules, words);
    else if (command === 'migrate') await migrateDatabases(modules);
    else await run(modules);
  } catch (error) {
    console.error(redactor([])(explainStartFailure(error)));
    process.exit(1);
  }
}

/** The same for a program that can host any of many modules: it loads those alone that this process hosts. */
export async function serveChosen(loaders: ModuleLoaders): Promise<void> {
  return serve(...(await loadChosen(loaders)));
}

async function run(modules: readonly HostedModule[]): Promise<void> {
  const { loaded, plan } = readPlan(modules, await SettingsSources.read());
  if (!plan.self) return supervise(plan, loaded);
  const { topology, processes } = plan;
  const self = await settleDown(plan.self, loaded);
  const { SHUTDOWN_TIMEOUT_MS } = settingsOf(HttpSettings, loaded);
  const supervised = new Supervised(SHUTDOWN_TIMEOUT_MS);
  const hosted = modules.filter(({ context }) => self.hosts.includes(context));
  const running = await startProcess(hosted, new Placement(topology, processes, self), loaded);
  if (!supervised.isSupervised) console.log(running.banner);
  stopOnSignals(running, SHUTDOWN_TIMEOUT_MS, { announce: !supervised.isSupervised });
  supervised.isReady(running);
  keepCompiled();
}
