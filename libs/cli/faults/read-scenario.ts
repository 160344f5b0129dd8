import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FaultScenario } from '@fissile/kit/testing';
import { CommandError } from '../command-error.js';

const PLACE = 'dist/test/faults.js';

/**
 * The scenario that a product names: the default export of a compiled module.
 * @throws CommandError when there is none
 */
export async function readScenario(root: string, requested: string | undefined): Promise<FaultScenario> {
  const file = requested === undefined ? join(root, PLACE) : resolve(requested);
  const name = relative(root, file);
  if (!existsSync(file)) {
    throw new CommandError(
      `${name} does not exist: expected a compiled module whose default export is made by defineFaultScenario`,
    );
  }
  const { default: scenario } = (await import(pathToFileURL(file).href)) as {
    default?: Partial<FaultScenario>;
  };
  if (typeof scenario?.begin !== 'function') {
    throw new CommandError(`${name} has no scenario: expected a default export with the method begin`);
  }
  return scenario as FaultScenario;
}
