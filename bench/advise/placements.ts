import { CONTEXTS } from '#contracts';

/** What stays in the process of the gateway in every placement. */
const KEPT = 'orders';
const MAY_LEAVE = CONTEXTS.filter((context) => context !== KEPT);

/** Some contexts in processes of their own, the others beside orders and the gateway. */
export interface Placement {
  /** The name of its topology. */
  readonly name: string;
  readonly apart: readonly string[];
}

/** The 32 of them, in an order in which one context moves from each to the next (a Gray code). */
export function allPlacements(): Placement[] {
  return Array.from({ length: 2 ** MAY_LEAVE.length }, (_, index) => {
    const bits = index ^ (index >> 1);
    const apart = MAY_LEAVE.filter((_context, bit) => (bits >> bit) & 1);
    return { name: nameOf(apart), apart };
  });
}

/** config/topology.yaml with all of them. */
export function topologyFile(placements: readonly Placement[]): string {
  return placements
    .filter(({ apart }) => apart.length > 0)
    .map(({ name, apart }) => {
      const rest = CONTEXTS.filter((context) => !apart.includes(context));
      const own = apart.map((context) => `  ${context}: [${context}]`);
      return [`${name}:`, `  gateway: [gateway, ${rest.join(', ')}]`, ...own].join('\n');
    })
    .join('\n');
}

function nameOf(apart: readonly string[]): string {
  return apart.length === 0 ? 'monolith' : apart.join('-');
}
