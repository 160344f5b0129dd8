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

/** As `fissile new context` wants the names of contexts: part of URLs, of the names of databases, and of settings. */
const CONTEXT_NAME = /^[a-z][a-z0-9]{2,29}$/;

/** Components, folders and tables that every product has, databases of every server, and names in its code. */
const TAKEN = new Set(
  (
    'admin auth database docs gateway generated google health inbox metrics migrations monolith outbox product sagas ' +
    'service user users postgres template0 template1'
  ).split(' '),
);

/** The reserved key words of PostgreSQL 18, and those of JavaScript modules. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array asc asymmetric both case cast check collate column constraint create ' +
    'default deferrable desc distinct else end except false fetch for foreign from grant group having initially ' +
    'intersect into lateral leading limit localtime localtimestamp not null offset only order placing primary ' +
    'references returning select some symmetric system table then trailing true union unique using variadic when ' +
    'where window with none ' +
    'arguments async await break catch class const continue debugger delete enum eval export extends finally ' +
    'function implements import instanceof interface let new package private protected public return static super ' +
    'switch this throw try typeof undefined var void while yield'
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
  const [plural = '', singular = singularOf(plural), ...rest] = word.split(':');
  if (rest.length > 0) return [`${word}: expected <plural> or <plural>:<singular>`];
  const errors = [...new Set([plural, singular])].flatMap((name) => nameError(name) ?? []);
  const reserved = reservedError(plural);
  if (reserved !== undefined) errors.push(reserved);
  if (errors.length > 0 || plural !== singular) return errors;
  return [`${word}: expected two different names, as in ${plural}:<singular>`];
}

function nameError(name: string): string | undefined {
  if (!CONTEXT_NAME.test(name)) return `"${name}": expected 3 to 30 small letters and digits, a letter first`;
  // A class is called so.
  if (name.charAt(0).toUpperCase() + name.slice(1) in globalThis) {
    return `"${name}": it means something else in JavaScript`;
  }
  return undefined;
}

/** A table, a database and a variable are called after the plural. */
function reservedError(plural: string): string | undefined {
  if (RESERVED.has(plural)) return `"${plural}": it is a reserved word of PostgreSQL or JavaScript`;
  if (TAKEN.has(plural)) return `"${plural}": every product has something of that name`;
  return undefined;
}

function singularOf(plural: string): string {
  if (/[^aeiou]ies$/.test(plural)) return `${plural.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return /[^s]s$/.test(plural) ? plural.slice(0, -1) : plural;
}
