import { globSync } from 'node:fs';
import { TOPOLOGY_FILE } from '@fissile/kit/contract';
import { capital, type ContextNames, joinSingulars, readContextNames, withArticle } from './context-names.js';
import {
  contractFileOf,
  MONOLITH_FILE,
  PRODUCT_FILE,
  type ProductNames,
  readProductNames,
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
  const names = joinSingulars(request.contexts).flatMap((text) => {
    const read = readContextNames(text);
    if (!('contexts' in read)) plan.refuse(...read);
    return 'contexts' in read ? [read] : [];
  });
  const free = names.filter((each, index) => isFree(plan, each, names.slice(0, index), existing));
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

/** @returns whether nothing is there yet that has one of its names */
function isFree(
  plan: ProjectPlan,
  names: ContextNames,
  before: readonly ContextNames[],
  existing: ProductNames,
): boolean {
  const problem =
    problemOfContext(plan, names, before, existing) ??
    problemOfItem(plan, names, before) ??
    problemOfPath(plan, names, existing);
  if (problem !== undefined) plan.refuse(`${names.contexts}: ${problem}`);
  return problem === undefined;
}

function problemOfContext(
  plan: ProjectPlan,
  { contexts }: ContextNames,
  before: readonly ContextNames[],
  existing: ProductNames,
): string | undefined {
  if (before.some((other) => other.contexts === contexts)) return 'is named twice';
  if (existing.contexts.includes(contexts)) return 'exists already, as a context of the product';
  const folder = [`apps/${contexts}`, `contracts/${contexts}`].find((path) => plan.has(path));
  return folder && `the folder ${folder} exists already`;
}

function problemOfItem(
  plan: ProjectPlan,
  { item }: ContextNames,
  before: readonly ContextNames[],
): string | undefined {
  const [file] = globSync(`apps/*/src/api/${item}.resource.ts`, { cwd: plan.root });
  const owner = file ?? before.find((other) => other.item === item)?.contexts;
  return owner && `${owner} has ${withArticle(item)} already; choose another singular`;
}

function problemOfPath(
  plan: ProjectPlan,
  { contexts }: ContextNames,
  existing: ProductNames,
): string | undefined {
  const claim = new RegExp(`['"\`]/api/${contexts}['"\`]`);
  const owner = existing.contexts.find((other) => claim.test(plan.read(contractFileOf(other)) ?? ''));
  return owner && `${owner} has the path /api/${contexts} already`;
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
