import { join } from 'node:path';
import type { ContextName } from './names.js';
import type { Options } from './options.js';
import { run } from './run.js';

/** Adds the contexts by the command of the kit that adds any later one. */
export async function addContexts({ folder, contexts }: Options): Promise<void> {
  if (contexts.length === 0) return;
  const names = contexts.map(argumentOf);
  console.log(`Adding ${names.join(', ')}`);
  const fissile = join(folder, 'node_modules/.bin/fissile');
  await run(fissile, ['new', 'context', ...names], { cwd: folder });
}

/** The same for a person to type. */
export function contextCommands({ contexts }: Options): string[] {
  return contexts.length === 0 ? [] : [`npx fissile new context ${contexts.map(argumentOf).join(' ')}`];
}

function argumentOf({ plural, singular }: ContextName): string {
  return singular === undefined ? plural : `${plural}:${singular}`;
}
