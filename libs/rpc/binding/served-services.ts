import type { Contract } from '@fissile/kit/contract';
import type { ServedService } from '../transports/rpc.js';

/** The contracts' services as transports need them described, each once. */
export function describeServices(contracts: readonly Contract[]): ServedService[] {
  const byName = new Map(
    contracts.map(({ definition: { name, fullName, methods } }) => [
      fullName,
      { name, fullName, methods: Object.values(methods).map((method) => method.name) },
    ]),
  );
  return [...byName.values()];
}
