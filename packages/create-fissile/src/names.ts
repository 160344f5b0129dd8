import { builtinModules } from 'node:module';
import { readContextNames } from './context-names.js';

/** A context to make: its plural names it, and its singular names its resource. */
export interface ContextName {
  readonly plural: string;
  /** Absent where dropping the ending of the plural gives it. */
  readonly singular?: string;
}

const MAX_PACKAGE_NAME = 214;

/** As npm wants the names of new packages. */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** Images and Kubernetes objects are called after the package, without its scope. */
const IMAGE_NAME = /^[a-z](.{0,28}[a-z0-9])?$/;

/** Why npm would refuse the name of a package; undefined when it would not. */
export function packageNameError(name: string): string | undefined {
  if (name.length > MAX_PACKAGE_NAME) return `expected at most ${MAX_PACKAGE_NAME} characters`;
  if (!IMAGE_NAME.test(name.replace(/^@[^/]*\//, ''))) {
    return 'expected a small letter first, and up to 30 characters, as for the names of images';
  }
  if (!PACKAGE_NAME.test(name)) return 'expected small letters, digits and -, as npm wants it';
  if (name === 'node_modules' || name === 'favicon.ico') return 'npm keeps that name for itself';
  if (builtinModules.includes(name)) return 'Node.js has a module of that name';
  return undefined;
}

/**
 * Reads `appointments,billing:invoice`.
 * @returns the contexts, and an error for each name that cannot be one
 */
export function parseContexts(text: string): { contexts: ContextName[]; errors: string[] } {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const contexts = words.map((word) => {
    const [plural = '', singular] = word.split(':');
    return singular === undefined ? { plural } : { plural, singular };
  });
  const errors = words.flatMap((word) => {
    const names = readContextNames(word);
    return 'contexts' in names ? [] : names;
  });
  const plurals = contexts.map(({ plural }) => plural);
  const repeated = new Set(plurals.filter((plural, index) => plurals.indexOf(plural) < index));
  return { contexts, errors: [...errors, ...[...repeated].map((plural) => `${plural} is given twice`)] };
}
