import type { Contract } from '#libs/contracts';
import type { ServedService } from '#libs/transport';

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
