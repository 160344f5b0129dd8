import { builtinModules } from 'node:module';

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

/** As the kit wants the names of contexts: part of URLs, of the names of databases, and of settings. */
const CONTEXT_NAME = /^[a-z][a-z0-9]{0,29}$/;

/** Hosted beside contexts, or made with every product, or a name in its code. */
const TAKEN = new Set(['gateway', 'monolith', 'generated', 'product', 'users', 'user']);

/** The reserved key words of PostgreSQL 18, and of JavaScript modules: names of tables and of variables. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
    'default deferrable desc distinct do else end except false fetch for foreign from grant group having in ' +
    'initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order ' +
    'placing primary references returning select some symmetric system table then to trailing true union unique ' +
    'user using variadic when where window with ' +
    'arguments async await break catch class const continue debugger delete enum eval export extends finally ' +
    'function if implements import instanceof interface let new package private protected public return static ' +
    'super switch this throw try typeof undefined var void while yield'
  ).split(' '),
);

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
  const errors = words.flatMap((word) => contextErrors(word));
  const plurals = contexts.map(({ plural }) => plural);
  const repeated = new Set(plurals.filter((plural, index) => plurals.indexOf(plural) < index));
  return { contexts, errors: [...errors, ...[...repeated].map((plural) => `${plural} is given twice`)] };
}

function contextErrors(word: string): string[] {
  const names = word.split(':');
  if (names.length > 2) return [`${word}: expected <plural> or <plural>:<singular>`];
  const [plural, singular] = names;
  const errors = names.flatMap((name) => contextNameError(name) ?? []);
  return plural === singular ? [...errors, `${word}: expected two different names`] : errors;
}

function contextNameError(name: string): string | undefined {
  if (!CONTEXT_NAME.test(name))
    return `"${name}": expected up to 30 small letters and digits, a letter first`;
  if (RESERVED.has(name)) return `"${name}": it is a reserved word of PostgreSQL or JavaScript`;
  if (TAKEN.has(name)) return `"${name}": every product has something of that name`;
  return undefined;
}
