import type { Product } from '@fissile/kit/contract';

interface Tag {
  readonly name: string;
  readonly description: string;
}

/** The tags of the kit's own routes. */
const OWN: readonly Tag[] = [
  { name: 'Health', description: 'Whether a process is well: what an orchestrator probes, and its metrics' },
  {
    name: 'Operations',
    description: 'For admins: sagas, dead letters, audit log, traces, logs, settings and the topology',
  },
];

/** The tags of the API documentation: each context has one, which is its name with a capital. */
export function tagsOf({ contexts }: Product): Tag[] {
  const described = contexts.flatMap(({ name, description }) =>
    description === undefined ? [] : [{ name: name.charAt(0).toUpperCase() + name.slice(1), description }],
  );
  return [...OWN, ...described].sort((one, other) => one.name.localeCompare(other.name));
}
