import { join } from 'node:path';
import type { ContextName } from './names.js';
import type { Options } from './options.js';
import { run } from './run.js';

/** Adds the contexts, and an example of a saga to the first, by the commands of the kit that add any later one. */
export async function addContexts(options: Options): Promise<void> {
  const fissile = join(options.folder, 'node_modules/.bin/fissile');
  for (const words of commands(options)) {
    console.log(`fissile ${words.join(' ')}`);
    await run(fissile, words, { cwd: options.folder });
  }
}

/** The same for a person to type. */
export function contextCommands(options: Options): string[] {
  return commands(options).map((words) => `npx fissile ${words.join(' ')}`);
}

function commands({ contexts, example }: Options): string[][] {
  const [first] = contexts;
  if (!first) return [];
  return [
    ['new', 'context', ...contexts.map(argumentOf)],
    ...(example ? [['new', 'saga', first.plural, 'example']] : []),
  ];
}

function argumentOf({ plural, singular }: ContextName): string {
  return singular === undefined ? plural : `${plural}:${singular}`;
}
