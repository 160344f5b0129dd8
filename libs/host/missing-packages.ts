/** Those of the packages that are not installed; drivers that a setting chooses need not be. */
export function missingPackages(packages: readonly string[]): string[] {
  return packages.filter((name) => !isInstalled(name));
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
