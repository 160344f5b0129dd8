import type { Component } from '@fissile/kit/contract';
import type { HostedModule } from '@fissile/kit/nest';

/** How to load each module that a program can host: the file that exports it. */
export type ModuleLoaders = Readonly<Record<Component, ModuleLoader>>;

type ModuleLoader = () => Promise<object>;

/**
 * Loads the modules that the environment's HOSTS and STANDBY name, as the supervisor sets them for each of its processes: code
 * takes memory, used or not. All of them where it names none or one that is unknown, and for a command, which is about all.
 */
export async function loadChosen(loaders: ModuleLoaders): Promise<HostedModule[]> {
  const all = Object.keys(loaders);
  const named = [...namesIn('HOSTS'), ...(namesIn('STANDBY').includes('') ? [] : namesIn('STANDBY'))];
  const isCommand = process.argv.length > 2;
  const chosen = !isCommand && named.every((name) => all.includes(name)) ? [...new Set(named)] : all;
  return Promise.all(chosen.map((name) => moduleOf(name, loaders[name] as ModuleLoader)));
}

function namesIn(setting: 'HOSTS' | 'STANDBY'): string[] {
  return (process.env[setting] ?? '').split(',').map((name) => name.trim());
}

async function moduleOf(context: Component, load: () => Promise<object>): Promise<HostedModule> {
  const found = Object.values(await load()).find((exported) => isOf(context, exported));
  if (!found) throw new Error(`the file of ${context} exports no module with that context`);
  return found;
}

function isOf(context: Component, exported: unknown): exported is HostedModule {
  return typeof exported === 'function' && (exported as Partial<HostedModule>).context === context;
}
