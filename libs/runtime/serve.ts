import 'reflect-metadata';
import { setDefaults, settingsOf, SettingsSources } from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';
import { declareDatabaseUrls } from '@fissile/kit/database';
import { HttpSettings } from '@fissile/kit/http';
import { type HostedModule, readPlan, resolveAdvertisedAddress } from '@fissile/kit/nest';
import { redactor } from '@fissile/kit/observability';
import { Placement } from '@fissile/kit/rpc';
import { type ModuleLoaders, loadChosen } from './chosen-modules.js';
import { keepCompiled } from './compile-cache.js';
import { startProcess } from './run-process.js';
import { examineDatabases } from './commands/examine-databases.js';
import { migrateDatabases } from './commands/migrate-databases.js';
import { showSettings } from './commands/show-settings.js';
import { explainStartFailure } from './start-failure.js';
import { stopOnSignals } from './stop-on-signals.js';
import { supervise } from './supervisor/supervise.js';
import { Supervised } from './supervisor/supervised.js';

/**
 * Runs what the settings ask for of these modules of a product, until a signal stops it: one process, or, when the topology has
 * several and none of them is named, all of them under a supervisor. A start that fails is explained in a line. With the
 * argument `config`, it shows the settings instead; with `migrate`, it brings the databases up to date and ends; with `doctor`,
 * it checks them.
 */
export async function serve(product: Product, ...modules: HostedModule[]): Promise<void> {
  setDefaults(product.settings);
  declareDatabaseUrls(product.contextNames);
  const [command, ...words] = process.argv.slice(2);
  try {
    if (command === 'config') process.exitCode = await showSettings(product, modules, words);
    else if (command === 'doctor') process.exitCode = await examineDatabases(product, modules, words);
    else if (command === 'migrate') await migrateDatabases(product, modules);
    else await run(product, modules);
  } catch (error) {
    console.error(redactor([])(explainStartFailure(error)));
    process.exit(1);
  }
}

/** The same for a program that can host any of many modules: it loads those alone that this process hosts. */
export async function serveChosen(product: Product, loaders: ModuleLoaders): Promise<void> {
  return serve(product, ...(await loadChosen(loaders)));
}

async function run(product: Product, modules: readonly HostedModule[]): Promise<void> {
  const { loaded, plan } = readPlan(product, modules, await SettingsSources.read());
  if (!plan.self) return supervise(product, plan, loaded);
  const { topology, processes } = plan;
  const self = await resolveAdvertisedAddress(plan.self, loaded);
  const { SHUTDOWN_TIMEOUT_MS } = settingsOf(HttpSettings, loaded);
  const supervised = new Supervised(SHUTDOWN_TIMEOUT_MS);
  const hosted = modules.filter(({ context }) => self.hosts.includes(context));
  const running = await startProcess(hosted, new Placement(product, topology, processes, self), loaded);
  if (!supervised.isSupervised) console.log(running.banner);
  stopOnSignals(running, SHUTDOWN_TIMEOUT_MS, { announce: !supervised.isSupervised });
  supervised.isReady(running);
  keepCompiled();
}
