import { useEffect, useState } from 'preact/hooks';

/** What follows the ? of the address behind the #, by name. */
export type Query = Readonly<Record<string, string | undefined>>;

/**
 * The filters of a page are in its address, so that Back returns to them, and a copied link has them.
 * @returns what they are, and what changes some of them; an empty one is left out
 */
export function useQuery(): readonly [Query, (changes: Query) => void] {
  const [query, setQuery] = useState(readQuery);
  useEffect(() => {
    const changed = (): void => setQuery(readQuery());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return [
    query,
    (changes) => void (location.hash = addressWith(pathOf(location.hash), { ...query, ...changes })),
  ];
}

/** What narrows a list: all but what comes first. */
export function filterOf(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'sort'));
}

/** Such as `#/sagas?status=running`. */
export function addressWith(path: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

const pathOf = (hash: string): string => hash.split('?')[0] || '#/';

function readQuery(): Query {
  const [, text = ''] = location.hash.split(/\?(.*)/s);
  return Object.fromEntries(new URLSearchParams(text));
}
