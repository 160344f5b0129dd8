import { globSync } from 'node:fs';
import { capital, singularOf, withArticle } from './context-names.js';
import { contractFileOf, eventsFileOf, moduleFileOf } from './product-files.js';
import type { ProjectPlan } from './project-plan.js';
import type { SourceCode } from './source-code.js';
import {
  appendToProperty,
  callsOf,
  type DescribingCall,
  findDescription,
  findModule,
  objectOf,
} from './syntax.js';
import { fill, filledTemplates } from './template-files.js';

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

export interface EventRequest {
  /** `<context>.<name>`, such as `appointments.booked`. */
  readonly event: string;
  readonly handledBy: readonly string[];
}

interface EventNames {
  /** The context that publishes it. */
  readonly context: string;
  /** Its type, such as `appointments.booked.v1`. */
  readonly type: string;
  /** The constant that describes it, such as `AppointmentBooked`. */
  readonly Event: string;
  /** What it is about, such as `appointment`. */
  readonly item: string;
  /** `booked`, with spaces between its words. */
  readonly words: string;
}

/** An event, its place among what its context publishes, and a handler in each context that handles it. */
export function planEvent(plan: ProjectPlan, { event, handledBy }: EventRequest): void {
  const names = readEventNames(plan, event);
  const contexts = [...new Set(handledBy.map((context) => context.trim()))];
  const known = contexts.filter((context) => {
    const isKnown = plan.has(contractFileOf(context)) && plan.has(moduleFileOf(context));
    if (!isKnown) plan.refuse(`--handled-by ${context}: no such context`);
    return isKnown;
  });
  if (!names) return;
  publish(plan, names);
  for (const context of known) {
    subscribe(plan, context, names);
    handle(plan, context, names);
  }
}

function readEventNames(plan: ProjectPlan, event: string): EventNames | undefined {
  const [context = '', name = '', ...rest] = event.split('.');
  if (rest.length > 0 || !NAME.test(name) || name.length > 40) {
    plan.refuse(`${event}: expected <context>.<name>, the name in small letters, such as parcels.sent`);
    return undefined;
  }
  if (!plan.has(contractFileOf(context))) {
    plan.refuse(`${event}: no such context, expected ${contractFileOf(context)}`);
    return undefined;
  }
  const item = itemOf(plan, context);
  const Event = [item, ...name.split('_')].map(capital).join('');
  return { context, type: `${context}.${name}.v1`, Event, item, words: name.replaceAll('_', ' ') };
}

/** What the events of a context are about, by the key of the first; its singular where there is none yet. */
function itemOf(plan: ProjectPlan, context: string): string {
  const code = plan.code(eventsFileOf(context));
  for (const call of callsOf(code, 'eventType')) {
    const key = /\.(\w+)Id$/.exec(call.arguments.at(-1)?.getText(code.file) ?? '');
    if (key?.[1] !== undefined) return key[1];
  }
  return singularOf(context);
}

const EVENT = `export const {{Event}} = eventType(
  '{{type}}',
  z.object({ {{item}}Id: z.uuid() }).describe('{{AItem}} was {{words}}.'),
  (data) => data.{{item}}Id,
);
`;

function publish(plan: ProjectPlan, names: EventNames): void {
  const { context, Event, type } = names;
  const path = eventsFileOf(context);
  const text = plan.read(path) ?? '';
  if (text.includes(`'${type}'`) || new RegExp(`\\b${Event}\\b`).test(text)) {
    plan.refuse(`${path}: ${Event} (${type}) exists already`);
    return;
  }
  const code = plan.code(path, text);
  code.import('z', 'zod');
  code.import('eventType', '@fissile/kit/contract');
  const declaration = fill(EVENT, { texts: { ...names, AItem: capital(withArticle(names.item)) } });
  plan.put(path, `${code.edited().trimEnd()}\n\n${declaration}`);
  describe(plan, context, (contract, found) => {
    contract.import(Event, `./${context}.events.js`);
    exportName(contract, Event);
    return appendToProperty(contract, found.description, 'publishes', Event);
  });
}

function subscribe(plan: ProjectPlan, context: string, { context: publisher, Event }: EventNames): void {
  describe(plan, context, (contract, found) => {
    const from = publisher === context ? '.' : `../${publisher}`;
    contract.import(Event, `${from}/${publisher}.events.js`);
    return appendToProperty(contract, found.description, 'subscribes', Event);
  });
}

/** Edits the description of a context. */
function describe(
  plan: ProjectPlan,
  context: string,
  edit: (code: SourceCode, found: DescribingCall) => boolean,
): void {
  const path = contractFileOf(context);
  const code = plan.code(path);
  const found = findDescription(code, 'defineContext');
  if (found && edit(code, found)) plan.put(path, code.edited());
  else
    plan.refuse(`${path}: expected export const <name> = defineContext({ publishes: […], subscribes: […] })`);
}

/** By the list of exports that is there, or a new one. */
function exportName(code: SourceCode, name: string): void {
  const { ts, file } = code;
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier || statement.isTypeOnly) continue;
    const names = statement.exportClause;
    if (names && ts.isNamedExports(names)) return code.append(names, names.elements, name);
  }
  const last = file.statements.findLast((statement) => ts.isImportDeclaration(statement));
  if (last) code.insertAfter(last, `\n\nexport { ${name} };`);
}

const HANDLER = `'{{type}}': async ({ data: { {{item}}Id } }) => {
  Logger.log(\`{{item}} \${{{item}}Id} was {{words}}\`, '{{context}}');
}`;

/** In the class that handles the events of the context already, or a new one. */
function handle(plan: ProjectPlan, context: string, { type, item, words }: EventNames): void {
  const constant = findDescription(plan.code(contractFileOf(context)), 'defineContext')?.name ?? context;
  const files = globSync(`apps/${context}/src/**/*.ts`, { cwd: plan.root, exclude: ['**/*.spec.ts'] });
  const handler = fill(HANDLER, { texts: { type, item, words, context } });
  const subscribing = files.filter((path) => addHandler(plan, path, constant, handler));
  if (subscribing.length > 0) return;
  const texts = { context, Context: capital(context), constant, handler };
  for (const { path, content } of filledTemplates('event', { texts })) plan.create(path, content);
  const path = moduleFileOf(context);
  const code = plan.code(path);
  const module = findModule(code);
  if (!module || !appendToProperty(code, module, 'providers', `${capital(context)}Events`)) {
    plan.refuse(`${path}: expected @Module({ providers: […] })`);
    return;
  }
  code.import(`${capital(context)}Events`, `./${context}-events.js`);
  plan.put(path, code.edited());
}

/** @returns whether the file subscribes to the events of the context */
function addHandler(plan: ProjectPlan, path: string, constant: string, handler: string): boolean {
  const code = plan.code(path);
  const calls = callsOf(code, 'subscribe').filter(
    ({ arguments: [first] }) => first?.getText(code.file) === constant,
  );
  for (const call of calls) {
    const handlers = objectOf(code, call.arguments[2]);
    if (handlers) code.append(handlers, handlers.properties, handler);
    else
      plan.refuse(`${path}: expected ${constant}'s handlers by their events, { '<event>': async (…) => … }`);
  }
  if (calls.length > 0) {
    code.import('Logger', '@nestjs/common');
    plan.put(path, code.edited());
  }
  return calls.length > 0;
}
