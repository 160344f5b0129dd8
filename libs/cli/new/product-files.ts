import { posix } from 'node:path';
import type { ProjectPlan } from './project-plan.js';
import type { SourceCode } from './source-code.js';
import { findDescription, moduleOf, propertyOf } from './syntax.js';

export const PRODUCT_FILE = 'contracts/index.ts';
export const MONOLITH_FILE = 'apps/monolith/src/main.ts';

export interface ProductNames {
  /** The constant that holds the product. */
  readonly product: string;
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
  const contexts = list.elements.map((element) => contextNameOf(plan, code, element.getText(code.file)));
  return { product: found.name, contexts };
}

/** The name of the context that a constant holds; that of the constant, where its description cannot be read. */
function contextNameOf(plan: ProjectPlan, product: SourceCode, constant: string): string {
  const from = moduleOf(product, constant)?.replace(/\.js$/, '.ts');
  if (from === undefined) return constant;
  const code = plan.code(posix.join('contracts', from));
  const found = findDescription(code, 'defineContext');
  const name = found && propertyOf(code, found.description, 'name');
  return name && code.ts.isStringLiteralLike(name) ? name.text : constant;
}

export const moduleFileOf = (context: string): string => `apps/${context}/src/${context}.module.ts`;
export const contractFileOf = (context: string): string => `contracts/${context}/index.ts`;
export const eventsFileOf = (context: string): string => `contracts/${context}/${context}.events.ts`;
