import {
  ContextError,
  type Contract,
  type ContextName,
  type Implementation,
  type Product,
} from '@fissile/kit/contract';

/** What stands for a context in a test of another: some methods of its contract. */
export interface Fake {
  readonly contract: Contract;
  readonly methods: Readonly<Record<string, unknown>>;
}

/** Fakes methods of a contract: `fake(Beta, { async take() { return { taken: 1 }; } })`. */
export function fake<C extends Contract>(contract: C, methods: Partial<Implementation<C>>): Fake {
  return { contract, methods };
}

type Methods = Record<string, (request: unknown) => Promise<unknown>>;

/** The whole contract of a context that is not under test. */
export interface CompletedFake {
  readonly contract: Contract;
  readonly context: ContextName;
  readonly implementation: Methods;
}

/**
 * The contracts of all contexts but the one under test. A method that was not faked fails the call, with the line that is
 * also given to `onUnfaked`, since the code under test may catch it.
 * @throws Error for a fake of a contract that the product does not have, or of the context under test
 */
export function completeFakes(
  product: Product,
  context: ContextName,
  fakes: readonly Fake[],
  onUnfaked: (line: string) => void,
): CompletedFake[] {
  const others = product.contracts.filter((served) => served.context !== context);
  for (const { contract } of fakes) {
    if (others.some((served) => served.contract === contract)) continue;
    const names = others.map((served) => served.contract.definition.name).join(', ');
    throw new Error(
      `${contract.definition.name} cannot be faked in a test of ${context}; expected one of ${names}`,
    );
  }
  return others.map(({ contract, context: other }) => {
    const methods: Methods = contract === product.tokenIssuer ? { ...NO_TOKENS } : {};
    for (const each of fakes) if (each.contract === contract) Object.assign(methods, each.methods);
    return { contract, context: other, implementation: complete(contract, methods, context, onUnfaked) };
  });
}

/** Access tokens are those that the test signs, so no fake has to issue any. */
const NO_TOKENS: Methods = {
  getSigningKeys: async () => ({ keys: [] }),
  listRevocations: async () => ({ revocations: [], asOf: new Date() }),
};

function complete(
  { definition: { name, methods } }: Contract,
  given: Methods,
  context: ContextName,
  onUnfaked: (line: string) => void,
): Methods {
  const entries = Object.keys(methods).map((method) => {
    const implementation = given[method];
    if (implementation) return [method, (request: unknown) => implementation.call(given, request)] as const;
    const line = `${context} called ${name}.${method}, which has no fake: give fake(${name}, { ${method}: … })`;
    return [method, () => refuse(line, onUnfaked)] as const;
  });
  return Object.fromEntries(entries);
}

async function refuse(line: string, onUnfaked: (line: string) => void): Promise<never> {
  onUnfaked(line);
  throw ContextError.of('internal_error', line);
}
