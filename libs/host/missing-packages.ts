/** A setting chooses what needs packages that are not installed; the message names it, and the command that installs them. */
export class MissingPackagesError extends Error {
  override readonly name = 'MissingPackagesError';
}

/** Those of the packages that are not installed; drivers that a setting chooses need not be. */
export function missingPackages(packages: readonly string[]): string[] {
  return packages.filter((name) => !isInstalled(name));
}

/**
 * Checks, before they are imported, that the optional packages which a choice needs are installed.
 * @param choice what was chosen, as the user wrote it, such as `TRANSPORT=nats`
 * @throws MissingPackagesError
 */
export function requirePackages(choice: string, packages: readonly string[]): void {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const what = missing.length === 1 ? 'a package that is' : 'packages that are';
  throw new MissingPackagesError(
    `${choice} needs ${what} not installed. Run: npm install ${missing.join(' ')}`,
  );
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
