/**
 * The rule for names of contexts. It imports nothing, since `create-fissile` applies it before the kit is installed.
 */

/** The names in code of a new context and of its resource. */
export interface ContextNames {
  /** The context, such as `returns`. */
  readonly contexts: string;
  /** `Returns` */
  readonly Contexts: string;
  /** Its resource in the singular, such as `return`. */
  readonly item: string;
  /** `Return` */
  readonly Item: string;
}

const NAME = /^[a-z][a-z0-9]{2,29}$/;

/** What cannot be the name of a variable in a module of JavaScript or TypeScript. */
const JAVASCRIPT = new Set(
  (
    'arguments async await break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for function if implements import in instanceof interface let new null package private ' +
    'protected public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** The reserved key words of PostgreSQL 18: a table of that name must be quoted in each statement. */
const SQL = new Set(
  (
    'all analyse analyze and any array asc asymmetric both case cast check collate column constraint create ' +
    'default deferrable desc distinct do else end except false fetch for foreign from grant group having in ' +
    'initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order ' +
    'placing primary references returning select some symmetric system table then to trailing true union unique ' +
    'user using variadic when where window with'
  ).split(' '),
);

/** Databases and roles that every PostgreSQL server has, or cannot have. */
const POSTGRES = new Set(['none', 'postgres', 'public', 'template0', 'template1']);

/** Names of the kit's own components, folders, tables, and of what every generated product has. */
const KIT = new Set(
  (
    'admin auth database docs gateway generated google health inbox metrics migrations monolith outbox product sagas ' +
    'service users'
  ).split(' '),
);

/**
 * Reads what a user wrote: `parcels`, or `people:person` where the plural without its ending is not the singular.
 * @returns the names, or the reasons why they cannot be
 */
export function readContextNames(text: string): ContextNames | readonly string[] {
  const [contexts = '', item = singularOf(contexts), ...rest] = text.split(':');
  if (rest.length > 0) return [`${text}: expected <plural> or <plural>:<singular>, such as people:person`];
  const problems = [...new Set([contexts, item])].flatMap((name) => problemsOfName(text, name));
  if (problems.length > 0) return problems;
  const names = { contexts, Contexts: capital(contexts), item, Item: capital(item) };
  const others = [...problemsOfMeaning(text, names), ...problemsOfPair(text, names)];
  return others.length > 0 ? others : names;
}

function problemsOfName(text: string, name: string): string[] {
  if (NAME.test(name)) return [];
  const shown = name === text ? name : `${text}: ${name}`;
  return [`${shown || 'an empty name'}: expected 3 to 30 small letters and digits, a letter first`];
}

function problemsOfMeaning(text: string, { contexts, Contexts, Item }: ContextNames): string[] {
  return [
    ...(JAVASCRIPT.has(contexts)
      ? [`${text}: ${contexts} is a word of JavaScript; choose another name`]
      : []),
    ...(SQL.has(contexts)
      ? [`${text}: ${contexts} is a reserved word of PostgreSQL; choose another name`]
      : []),
    ...(POSTGRES.has(contexts)
      ? [`${text}: every PostgreSQL server has a ${contexts} already; choose another name`]
      : []),
    ...(KIT.has(contexts)
      ? [`${text}: ${contexts} is a name that the kit itself uses; choose another name`]
      : []),
    ...[...new Set([Contexts, Item])]
      .filter((name) => name in globalThis)
      .map((name) => `${text}: ${name} means something else in JavaScript; choose another name`),
  ];
}

function problemsOfPair(text: string, { contexts, item }: ContextNames): string[] {
  if (contexts !== item) return [];
  return [`${text}: needs another name for one of them, as in ${contexts}:<singular>`];
}

/** `parcels parcel` as `parcels:parcel`: a singular behind its plural is no context of its own. */
export function joinSingulars(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const before = words[index - 1];
    if (before !== undefined && isSingularOf(before, word)) return [];
    const next = words[index + 1];
    return next !== undefined && isSingularOf(word, next) ? [`${word}:${next}`] : [word];
  });
}

function isSingularOf(plural: string, word: string): boolean {
  return word !== plural && word === singularOf(plural);
}

/** `parcel` for `parcels`; a word without an ending of a plural is returned as it is. */
export function singularOf(plural: string): string {
  if (/[^aeiou]ies$/.test(plural)) return `${plural.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return /[^s]s$/.test(plural) ? plural.slice(0, -1) : plural;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `an appointment`, `a parcel` */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
