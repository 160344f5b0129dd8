import { globSync } from 'node:fs';
import { capital, type ContextNames, readContextNames, withArticle } from './context-names.js';
import {
  contractFileOf,
  MONOLITH_FILE,
  PRODUCT_FILE,
  type ProductNames,
  readProductNames,
  TOPOLOGY_FILE,
} from './product-files.js';
import type { ProjectPlan } from './project-plan.js';
import { callsOf, findDescription, objectOf, appendToProperty, repeatedNames } from './syntax.js';
import { filledTemplates } from './template-files.js';
import { addToTopologies } from './topology-file.js';

/** Whose rows a generated resource shows: its owner's, everyone's to those signed in, or everyone's to anyone. */
export const ACCESS_RULES = ['own', 'admin', 'public'] as const;
export type AccessRule = (typeof ACCESS_RULES)[number];

const PARTS: Readonly<Record<AccessRule, readonly string[]>> = {
  own: ['own', 'signedIn'],
  admin: ['admin', 'shared', 'signedIn'],
  public: ['public', 'shared'],
};

/** What signs in for the generated scenario tests; without it, the product gets none. */
const HARNESS = 'test/harness/product-under-test.ts';

export interface ContextsRequest {
  /** Each `parcels` or `people:person`. */
  readonly contexts: readonly string[];
  readonly access: string;
  /** In the names of migrations, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** @returns the names of the new contexts, in the order in which they were asked for */
export function planContexts(plan: ProjectPlan, request: ContextsRequest): string[] {
  const access = ACCESS_RULES.find((rule) => rule === request.access);
  if (!access) plan.refuse(`--access ${request.access}: expected ${ACCESS_RULES.join(', ')}`);
  const existing = readProductNames(plan);
  const names = request.contexts.flatMap((text) => {
    const read = readContextNames(text);
    if (!('contexts' in read)) plan.refuse(...read);
    return 'contexts' in read ? [read] : [];
  });
  refuseTaken(plan, names, existing);
  // One later in the list is placed behind those before it, so callers are named first.
  for (const { contexts } of names.toReversed()) addToTopologyFile(plan, contexts);
  names.forEach((each, index) => {
    addToProduct(plan, each);
    addToMonolith(plan, each);
    if (access) createFiles(plan, each, existing, access, request.timestamp + index);
  });
  return names.map(({ contexts }) => contexts);
}

function createFiles(
  plan: ProjectPlan,
  names: ContextNames,
  { product }: ProductNames,
  access: AccessRule,
  timestamp: number,
): void {
  const { item } = names;
  if (access === 'own' && item === 'user') {
    plan.refuse(
      `${names.contexts}:${item}: rows of an owner have a userId of their own; choose another singular`,
    );
  }
  const aItem = withArticle(item);
  const texts = { ...names, product, aItem, AItem: capital(aItem), timestamp: String(timestamp) };
  for (const { path, content } of filledTemplates('context', { texts, parts: PARTS[access] })) {
    if (path.startsWith('test/') && !plan.has(HARNESS)) continue;
    plan.create(path, content);
    if (path.endsWith('.ts')) refuseRepeatedNames(plan, path, names);
  }
}

function refuseTaken(plan: ProjectPlan, names: readonly ContextNames[], existing: ProductNames): void {
  const contexts = names.map((each) => each.contexts);
  const items = names.map(({ item }) => item);
  names.forEach(({ contexts: context, item }, index) => {
    if (contexts.indexOf(context) < index) plan.refuse(`${context} is named twice`);
    else if (items.indexOf(item) < index) plan.refuse(`${context}: another context has ${item} already`);
    if (existing.contexts.includes(context))
      plan.refuse(`${context} exists already: it is a context of the product`);
    for (const folder of [`apps/${context}`, `contracts/${context}`]) {
      if (plan.has(folder)) plan.refuse(`${folder} exists already`);
    }
    const [taken] = globSync(`apps/*/src/api/${item}.resource.ts`, { cwd: plan.root });
    if (taken)
      plan.refuse(`${context}: ${taken} describes ${withArticle(item)} already; choose another singular`);
    refuseTakenPath(plan, context, existing);
  });
}

function refuseTakenPath(plan: ProjectPlan, context: string, existing: ProductNames): void {
  for (const other of existing.contexts) {
    const claims = new RegExp(`['"\`]/api/${context}['"\`]`).test(plan.read(contractFileOf(other)) ?? '');
    if (claims && other !== context) plan.refuse(`${context}: ${other} has the path /api/${context} already`);
  }
}

/** Its import, and its name at the end of the list of contexts. */
function addToProduct(plan: ProjectPlan, names: ContextNames): void {
  const code = plan.code(PRODUCT_FILE);
  const found = findDescription(code, 'defineProduct');
  if (!found) return;
  code.import(names.contexts, `./${names.contexts}/index.js`);
  if (!appendToProperty(code, found.description, 'contexts', names.contexts)) return;
  plan.change(PRODUCT_FILE, code.edited());
  refuseRepeatedNames(plan, PRODUCT_FILE, names);
}

function addToMonolith(plan: ProjectPlan, { contexts }: ContextNames): void {
  const code = plan.code(MONOLITH_FILE);
  const [call] = callsOf(code, 'serveChosen');
  const loaders = objectOf(code, call?.arguments[1]);
  if (!loaders) {
    plan.refuse(`${MONOLITH_FILE}: expected serveChosen(<product>, { <context>: () => import(…), … })`);
    return;
  }
  code.append(
    loaders,
    loaders.properties,
    `${contexts}: () => import('../../${contexts}/src/${contexts}.module.js')`,
  );
  plan.change(MONOLITH_FILE, code.edited());
}

function addToTopologyFile(plan: ProjectPlan, context: string): void {
  const text = plan.read(TOPOLOGY_FILE);
  const added = text === undefined ? ['expected topologies'] : addToTopologies(text, context);
  if (typeof added === 'string') plan.change(TOPOLOGY_FILE, added);
  else plan.refuse(...added.map((problem) => `${TOPOLOGY_FILE}: ${problem}`));
}

/** A name that the kit uses in the same file cannot be that of a resource. */
function refuseRepeatedNames(plan: ProjectPlan, path: string, { contexts, item }: ContextNames): void {
  for (const name of repeatedNames(plan.code(path))) {
    plan.refuse(`${contexts}:${item}: ${name} would mean two things in ${path}; choose another name`);
  }
}
