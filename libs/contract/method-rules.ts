import type { Callers } from './callers.js';
import type { Contract } from './contract.js';

/** What has to be true of a call of one method. */
export interface MethodRule {
  /** The components that may call it; undefined for every component of the product. */
  readonly callers: readonly string[] | undefined;
  /** Whether the user behind the call must be an admin. */
  readonly needsAdmin: boolean;
}

const named = new Map<Contract, Callers>();
const rules = new WeakMap<Contract, ReadonlyMap<string, MethodRule>>();

/** The callers that a product names, in place of those of the contract. `defineContext` does it. */
export function nameCallers(contract: Contract, callers: Callers): void {
  for (const method of isList(callers) ? [] : Object.keys(callers)) {
    if (method in contract.definition.methods) continue;
    throw new Error(`callers: ${contract.definition.fullName} has no method ${method}`);
  }
  named.set(contract, callers);
  rules.delete(contract);
}

/** The rules of a contract, by the name of the method in TypeScript. */
export function rulesOf(contract: Contract): ReadonlyMap<string, MethodRule> {
  const known = rules.get(contract);
  if (known) return known;
  const { definition, traits } = contract;
  const callers = named.get(contract) ?? traits.callers;
  const admins = new Set(traits.needsAdmin === 'all' ? Object.keys(definition.methods) : traits.needsAdmin);
  const made = new Map(
    Object.keys(definition.methods).map((method) => [
      method,
      { callers: callersOf(callers, method), needsAdmin: admins.has(method) },
    ]),
  );
  rules.set(contract, made);
  return made;
}

function callersOf(callers: Callers | undefined, method: string): readonly string[] | undefined {
  if (callers === undefined) return undefined;
  return isList(callers) ? callers : callers[method];
}

function isList(callers: Callers): callers is readonly string[] {
  return Array.isArray(callers);
}
