/** The ids of the processes that a supervisor printed last in its output, by name; empty without a supervisor. */
export function supervisedPids(output: string): ReadonlyMap<string, number> {
  const started = [
    ...output.matchAll(/^ {4}(\S+) +\S.*? {3}(\d+) +http:/gm),
    ...output.matchAll(/^(\S+) +\| is back, with pid (\d+)$/gm),
  ].sort((one, other) => one.index - other.index);
  return new Map(started.map(([, name, pid]) => [name ?? '', Number(pid)]));
}
