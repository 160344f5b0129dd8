import { findDescription, propertyOf } from './syntax.js';
import type { ProjectPlan } from './project-plan.js';

export const PRODUCT_FILE = 'contracts/index.ts';
export const MONOLITH_FILE = 'apps/monolith/src/main.ts';
export const TOPOLOGY_FILE = 'config/topology.yaml';

export interface ProductNames {
  /** The constant that holds the product. */
  readonly product: string;
  /** The constants that hold its contexts. */
  readonly contexts: readonly string[];
}

/** What the product's description says; refused where it cannot be read. */
export function readProductNames(plan: ProjectPlan): ProductNames {
  const code = plan.code(PRODUCT_FILE);
  const found = findDescription(code, 'defineProduct');
  const list = found && propertyOf(code, found.description, 'contexts');
  if (!found || !list || !code.ts.isArrayLiteralExpression(list)) {
    plan.refuse(`${PRODUCT_FILE}: expected export const <name> = defineProduct({ contexts: […], … })`);
    return { product: '', contexts: [] };
  }
  return { product: found.name, contexts: list.elements.map((element) => element.getText(code.file)) };
}

export const moduleFileOf = (context: string): string => `apps/${context}/src/${context}.module.ts`;
export const contractFileOf = (context: string): string => `contracts/${context}/index.ts`;
export const eventsFileOf = (context: string): string => `contracts/${context}/${context}.events.ts`;
