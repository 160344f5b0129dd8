import type { Contract } from '@fissile/kit/contract';
import type { ServedService } from '../transports/rpc.js';

/** Describes the contracts' services for the transports, without duplicates. */
export function describeServices(contracts: readonly Contract[]): ServedService[] {
  const byName = new Map(
    contracts.map(({ definition: { name, fullName, methods } }) => [
      fullName,
      { name, fullName, methods: Object.values(methods).map((method) => method.name) },
    ]),
  );
  return [...byName.values()];
}
