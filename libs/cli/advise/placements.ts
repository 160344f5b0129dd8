import { type Component, GATEWAY, MONOLITH } from '@fissile/kit/contract';

/** Components that share a process, for each process. */
export type Partition = readonly (readonly Component[])[];

export interface Candidate {
  /** Such as `as now`, `billing apart`, `billing with invoices` or the name of a topology. */
  readonly label: string;
  readonly partition: Partition;
}

export const AS_NOW = 'as now';

/** The placement of now, each context by itself, each two processes as one, and the topologies that are declared. */
export function candidatesFrom(now: Partition, declared: ReadonlyMap<string, Partition>): Candidate[] {
  const everything = now.flat();
  const all = [
    { label: AS_NOW, partition: now },
    ...splitsOf(now),
    ...mergesOf(now),
    { label: MONOLITH, partition: [everything] },
    ...[...declared].map(([label, partition]) => ({ label, partition })),
  ];
  const seen = new Set<string>();
  return all.filter(({ label, partition }) => {
    const key = keyOf(partition);
    // A topology that is declared is listed by its name too.
    if (seen.has(key) && !declared.has(label)) return false;
    seen.add(key);
    return true;
  });
}

/** The same for two partitions that put the same components together. */
export function keyOf(partition: Partition): string {
  return partition
    .map((hosts) => [...hosts].sort().join('+'))
    .sort()
    .join(' ');
}

export function areTogether(partition: Partition, one: Component, other: Component): boolean {
  return partition.some((hosts) => hosts.includes(one) && hosts.includes(other));
}

function splitsOf(now: Partition): Candidate[] {
  return now.flatMap((hosts) =>
    hosts
      .filter((component) => component !== GATEWAY && hosts.length > 1)
      .map((component) => ({
        label: `${component} apart`,
        partition: [
          ...now.map((others) => (others === hosts ? hosts.filter((other) => other !== component) : others)),
          [component],
        ],
      })),
  );
}

function mergesOf(now: Partition): Candidate[] {
  return now.flatMap((one, index) =>
    now.slice(index + 1).map((other) => ({
      label: `${one.join('+')} with ${other.join('+')}`,
      partition: [...now.filter((hosts) => hosts !== one && hosts !== other), [...one, ...other]],
    })),
  );
}
