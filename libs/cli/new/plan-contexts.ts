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

/** New contexts, callers first: their files, and their places in the product, the monolith and the topologies. */
export function planContexts(plan: ProjectPlan, request: ContextsRequest): void {
  const access = ACCESS_RULES.find((rule) => rule === request.access);
  if (!access) plan.refuse(`--access ${request.access}: expected ${ACCESS_RULES.join(', ')}`);
  const existing = readProductNames(plan);
  const names = request.contexts.flatMap((text) => {
    const read = readContextNames(text);
    if (!('contexts' in read)) plan.refuse(...read);
    return 'contexts' in read ? [read] : [];
  });
  const free = names.filter((_, index) => refuseTaken(plan, names, index, existing));
  // Each is placed before those that are there, so that they stand in the order in which they were asked for.
  for (const { contexts } of free.toReversed()) addToTopologyFile(plan, contexts);
  free.forEach((each, index) => {
    addToProduct(plan, each);
    addToMonolith(plan, each);
    if (access) createFiles(plan, each, existing, access, request.timestamp + index);
  });
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

/** @returns whether nothing is there yet that has one of the names */
function refuseTaken(
  plan: ProjectPlan,
  names: readonly ContextNames[],
  index: number,
  existing: ProductNames,
): boolean {
  const { contexts: context, item } = names[index] as ContextNames;
  const before = names.slice(0, index);
  const [sameItem] = globSync(`apps/*/src/api/${item}.resource.ts`, { cwd: plan.root });
  const folder = [`apps/${context}`, `contracts/${context}`].find((path) => plan.has(path));
  const problem = before.some((other) => other.contexts === context)
    ? `${context} is named twice`
    : existing.contexts.includes(context)
      ? `${context} exists already: it is a context of the product`
      : folder
        ? `${context}: the folder ${folder} exists already`
        : before.some((other) => other.item === item)
          ? `${context}: another new context has ${withArticle(item)}; choose another singular`
          : sameItem
            ? `${context}: ${sameItem} describes ${withArticle(item)} already; choose another singular`
            : problemOfPath(plan, context, existing);
  if (problem !== undefined) plan.refuse(problem);
  return problem === undefined;
}

function problemOfPath(plan: ProjectPlan, context: string, existing: ProductNames): string | undefined {
  const claim = new RegExp(`['"\`]/api/${context}['"\`]`);
  const owner = existing.contexts.find((other) => claim.test(plan.read(contractFileOf(other)) ?? ''));
  return owner && `${context}: ${owner} has the path /api/${context} already`;
}

/** Its import, and its name at the end of the list of contexts. */
function addToProduct(plan: ProjectPlan, names: ContextNames): void {
  const code = plan.code(PRODUCT_FILE);
  const found = findDescription(code, 'defineProduct');
  if (!found) return;
  code.import(names.contexts, `./${names.contexts}/index.js`);
  if (!appendToProperty(code, found.description, 'contexts', names.contexts)) return;
  plan.put(PRODUCT_FILE, code.edited());
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
  plan.put(MONOLITH_FILE, code.edited());
}

function addToTopologyFile(plan: ProjectPlan, context: string): void {
  const text = plan.read(TOPOLOGY_FILE);
  const added = text === undefined ? ['expected topologies'] : addToTopologies(text, context);
  if (typeof added === 'string') plan.put(TOPOLOGY_FILE, added);
  else plan.refuse(...added.map((problem) => `${TOPOLOGY_FILE}: ${problem}`));
}

/** A name that the kit uses in the same file cannot be that of a resource, nor that of the product that of a context. */
function refuseRepeatedNames(
  plan: ProjectPlan,
  path: string,
  { contexts, Contexts, item, Item }: ContextNames,
): void {
  const own = [contexts, Contexts, Item, `${Item}Created`];
  const repeated = repeatedNames(plan.code(path)).filter((name) => own.includes(name));
  if (repeated.length === 0) return;
  plan.refuse(
    `${contexts}:${item}: ${repeated.join(', ')} would mean two things in ${path}; choose another name`,
  );
}
