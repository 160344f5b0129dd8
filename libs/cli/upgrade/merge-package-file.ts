import { isDeepStrictEqual } from 'node:util';

type Json = Readonly<Record<string, unknown>>;

/** The merged package.json, and where the user's value was kept although the kit's has changed too. */
export interface MergedPackageFile {
  readonly merged: Json;
  readonly kept: readonly string[];
}

/**
 * Merges by fields instead of lines: markers of conflicts in package.json would stop npm, and every command with it.
 * Where both have changed a field, the user's stays.
 */
export function mergePackageFile(base: Json, ours: Json, theirs: Json): MergedPackageFile {
  const kept: string[] = [];
  return { merged: mergeFields({ base, ours, theirs }, '', kept), kept };
}

function mergeFields(
  { base, ours, theirs }: { base: Json; ours: Json; theirs: Json },
  path: string,
  kept: string[],
): Json {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const fields = names.flatMap((name): [string, unknown][] => {
    const versions = { base: base[name], ours: ours[name], theirs: theirs[name] };
    const value = mergeValue(versions, path ? `${path}.${name}` : name, kept);
    return value === undefined ? [] : [[name, value]];
  });
  // As npm sorts packages.
  return Object.fromEntries(isSorted(Object.keys(ours)) ? fields.sort(byName) : fields);
}

function mergeValue(
  { base, ours, theirs }: { base: unknown; ours: unknown; theirs: unknown },
  path: string,
  kept: string[],
): unknown {
  if (isDeepStrictEqual(base, theirs) || isDeepStrictEqual(ours, theirs)) return ours;
  if (isDeepStrictEqual(ours, base)) return theirs;
  if (isObject(ours) && isObject(theirs)) {
    return mergeFields({ base: isObject(base) ? base : {}, ours, theirs }, path, kept);
  }
  kept.push(`${path}: yours is ${show(ours)}, and the kit's is now ${show(theirs)}`);
  return ours;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSorted(names: readonly string[]): boolean {
  return names.length > 1 && isDeepStrictEqual(names, [...names].sort());
}

function byName([name]: [string, unknown], [other]: [string, unknown]): number {
  return name < other ? -1 : 1;
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
