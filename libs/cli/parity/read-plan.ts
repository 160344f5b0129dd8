import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ParityPlan } from '@fissile/kit/testing';
import { CommandError } from '../command-error.js';

/** Where requests are looked for in a product, the first that exists. */
const PLACES = ['dist/test/parity.js', 'test/parity.json', 'test/parity.jsonl'];

/**
 * The requests to compare: JSON, JSON lines, or the default export of a compiled module.
 * @throws CommandError when there are none, or they are not valid
 */
export async function readPlan(root: string, requested: string | undefined): Promise<ParityPlan> {
  const file = requested === undefined ? findPlan(root) : resolve(requested);
  const name = relative(root, file);
  if (!existsSync(file)) throw new CommandError(`${name} does not exist: expected a file of requests`);
  const { checkPlan, parseRequests } = await import('@fissile/kit/testing');
  try {
    if (!file.endsWith('.js')) return parseRequests(readFileSync(file, 'utf8'), name);
    const { default: plan } = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return checkPlan(plan, name);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

function findPlan(root: string): string {
  const found = PLACES.map((place) => join(root, place)).find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new CommandError(
    `there are no requests to compare: expected ${PLACES.join(' or ')}, or --requests <file>; ` +
      'fissile parity --record <url> writes one from a product that runs',
  );
}
