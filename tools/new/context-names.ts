/** The names in code of a new context and of its resource. */
export interface ContextNames {
  /** The context, such as `returns`. */
  readonly contexts: string;
  /** `RETURNS`, in the names of settings. */
  readonly CONTEXTS: string;
  /** `Returns` */
  readonly Contexts: string;
  /** Its resource in the singular, such as `return`. */
  readonly item: string;
  /** `Return` */
  readonly Item: string;
}

/**
 * @param contexts a plural in lower case
 * @param item the singular, where dropping the plural's ending does not produce it
 * @throws Error that says what was expected
 */
export function namesOf(contexts: string, item = singularOf(contexts)): ContextNames {
  for (const name of [contexts, item]) {
    if (!/^[a-z]{3,30}$/.test(name)) {
      throw new Error(`expected names of 3 to 30 small letters, such as: returns return; got ${name}`);
    }
  }
  if (contexts === item) throw new Error(`${contexts} needs another name for one of them: give it as well`);
  const names = {
    contexts,
    CONTEXTS: contexts.toUpperCase(),
    Contexts: capital(contexts),
    item,
    Item: capital(item),
  };
  for (const name of [names.Contexts, names.Item]) {
    if (name in globalThis)
      throw new Error(`${name} means something else in JavaScript; choose another name`);
  }
  return names;
}

function singularOf(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.endsWith('s') ? plural.slice(0, -1) : plural;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
