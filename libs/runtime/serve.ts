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
import { type ProgramCommand, readProgramCommand } from './commands/program-command.js';
import { migrateDatabases } from './commands/migrate-databases.js';
import { showApi } from './commands/show-api.js';
import { showSettings } from './commands/show-settings.js';
import { explainStartFailure } from './start-failure.js';
import { isPlacedByStore, runPlaced } from './placement/store/run-placed.js';
import { runAlone } from './run-alone.js';
import { stopOnSignals } from './stop-on-signals.js';
import { supervise } from './supervisor/supervise.js';
import { Supervised } from './supervisor/supervised.js';

/**
 * Runs what the settings ask for of these modules of a product, until a signal stops it: one process, or, when the topology has
 * several and none of them is named, all of them under a supervisor. A start that fails is explained in a line. With an
 * argument it is one of the program's commands, which `--help` lists.
 */
export async function serve(product: Product, ...modules: HostedModule[]): Promise<void> {
  const command = readCommandLine();
  setDefaults(product.settings);
  declareDatabaseUrls(product.contextNames);
  try {
    if (command.name === 'config') process.exitCode = await showSettings(product, modules, command);
    else if (command.name === 'doctor') process.exitCode = await examineDatabases(product, modules, command);
    else if (command.name === 'migrate') await migrateDatabases(product, modules);
    else if (command.name === 'openapi') await showApi(product, modules);
    else await run(product, modules);
  } catch (error) {
    console.error(redactor([])(explainStartFailure(error)));
    process.exit(1);
  }
}

/** The same for a program that can host any of many modules: it loads those alone that this process hosts. */
export async function serveChosen(product: Product, loaders: ModuleLoaders): Promise<void> {
  // Loading takes longer than the answer to a mistyped argument should.
  readCommandLine();
  return serve(product, ...(await loadChosen(loaders)));
}

/** Ends the process where the usage, or what is wrong with the command line, is all that there is to say. */
function readCommandLine(): ProgramCommand {
  const read = readProgramCommand(process.argv.slice(2));
  if (!('exitCode' in read)) return read;
  if (read.exitCode === 0) console.log(read.text);
  else console.error(read.text);
  process.exit(read.exitCode);
}

async function run(product: Product, modules: readonly HostedModule[]): Promise<void> {
  const { loaded, plan } = readPlan(product, modules, await SettingsSources.read());
  if (!plan.self) return supervise(product, plan, loaded);
  if (isPlacedByStore(loaded)) {
    await runPlaced(product, modules, { ...plan, self: plan.self }, loaded);
    return keepCompiled();
  }
  const { topology, version, processes } = plan;
  const self = await resolveAdvertisedAddress(plan.self, loaded);
  const placement = new Placement(product, topology, processes, self, version);
  const hosted = modules.filter(({ context }) => placement.loaded.includes(context));
  const { SHUTDOWN_TIMEOUT_MS } = settingsOf(HttpSettings, loaded);
  const supervised = new Supervised(SHUTDOWN_TIMEOUT_MS);
  if (supervised.isSupervised) {
    const running = await startProcess(hosted, placement, loaded, supervised);
    stopOnSignals(running, SHUTDOWN_TIMEOUT_MS, { announce: false });
    const signInToken = await running.signInToken();
    const { member } = running;
    supervised.isReady(
      { stop: () => running.stop(), carryOut: (command) => member.carryOut(command) },
      signInToken,
    );
  } else if (hostsEverything(placement)) {
    await runAlone(hosted, placement, loaded);
  } else {
    const running = await startProcess(hosted, placement, loaded);
    stopOnSignals(running, SHUTDOWN_TIMEOUT_MS);
    console.log(running.banner);
  }
  keepCompiled();
}

function hostsEverything({ product, isDistributed, self }: Placement): boolean {
  return !isDistributed && product.components.every((component) => self.hosts.includes(component));
}
