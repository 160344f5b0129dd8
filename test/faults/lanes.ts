import { allFaults } from './all-faults.js';
import type { Fault, Topology } from './fault.js';

/** One kind of fault in one topology. */
export interface Lane {
  readonly fault: Fault;
  readonly topology: Topology;
  /** A fault's choices depend on its place in the list, which is the same whatever is selected. */
  readonly index: number;
}

/** Every fault in every topology where it can happen. Faults hold what they set up. */
export function allLanes(): Lane[] {
  return allFaults().flatMap(({ topologies }, index) =>
    topologies.flatMap((topology) => {
      const fault = allFaults()[index];
      return fault ? [{ fault, topology, index }] : [];
    }),
  );
}
