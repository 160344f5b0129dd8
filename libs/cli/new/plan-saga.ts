import { capital } from './context-names.js';
import { moduleFileOf, readProductNames } from './product-files.js';
import type { ProjectPlan } from './project-plan.js';
import type { SourceCode } from './source-code.js';
import {
  appendToProperty,
  callsOf,
  type Constant,
  findConstant,
  findModule,
  lastObjectOf,
} from './syntax.js';
import { filledTemplates } from './template-files.js';
import type { TypeScript } from '../typescript-of.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export interface SagaRequest {
  /** The context that starts it. */
  readonly context: string;
  /** Such as `book-appointment`. */
  readonly saga: string;
  /** In the name of its migration, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** A saga with two steps and their undos, its table, and its place in the module of the context. */
export function planSaga(plan: ProjectPlan, { context, saga, timestamp }: SagaRequest): void {
  const isName = NAME.test(saga) && saga.length >= 3 && saga.length <= 40;
  if (!isName) {
    plan.refuse(
      `${saga || 'no name'}: expected 3 to 40 small letters, digits and hyphens, such as book-appointment`,
    );
  }
  if (!plan.has(moduleFileOf(context))) {
    plan.refuse(`${context}: no such context, expected ${moduleFileOf(context)}`);
    return;
  }
  if (!isName) return;
  const Saga = saga.split('-').map(capital).join('');
  const sagaName = `${Saga.charAt(0).toLowerCase()}${Saga.slice(1)}Saga`;
  const table = `${saga.replaceAll('-', '_')}_records`;
  const { product } = readProductNames(plan);
  const Module = moduleClassOf(plan, context);
  const texts = { context, product, Module, saga, Saga, sagaName, table, timestamp: String(timestamp) };
  for (const { path, content } of filledTemplates('saga', { texts })) plan.create(path, content);
  register(plan, context, { saga, Saga, migration: `Create${Saga}${timestamp}` });
}

/** The class that is the module of the context. */
function moduleClassOf(plan: ProjectPlan, context: string): string {
  return /@Module\([^]*?export class (\w+)/.exec(plan.code(moduleFileOf(context)).text)?.[1] ?? '';
}

interface Registered {
  readonly saga: string;
  readonly Saga: string;
  readonly migration: string;
}

function register(plan: ProjectPlan, context: string, { saga, Saga, migration }: Registered): void {
  const path = moduleFileOf(context);
  const code = plan.code(path);
  const module = findModule(code);
  const database = findConstant(code, 'DatabaseModule.forContext');
  const options = database && lastObjectOf(code, database.call);
  const isRegistered =
    module !== undefined &&
    database !== undefined &&
    options !== undefined &&
    appendToProperty(code, module, 'providers', `${Saga}Records`) &&
    appendToProperty(code, module, 'providers', `${Saga}Saga`) &&
    addSagas(code, { module, database, options }) &&
    appendToProperty(code, options, 'migrations', migration);
  if (!isRegistered) {
    plan.refuse(
      `${path}: expected const database = DatabaseModule.forContext(…, { migrations: […] }), const messaging = ` +
        `MessagingModule.forContext(…), and @Module({ imports: […], providers: […] })`,
    );
    return;
  }
  code.import(`${Saga}Records`, `./data/${saga}-records.js`);
  code.import(migration, `./data/${saga}.migration.js`);
  code.import(`${Saga}Saga`, `./sagas/${saga}.saga.js`);
  plan.put(path, code.edited());
}

interface Places {
  readonly module: TypeScript.ObjectLiteralExpression;
  readonly database: Constant;
  /** Of the database. */
  readonly options: TypeScript.ObjectLiteralExpression;
}

/** What a context needs for its first saga. @returns false when there is no place for it */
function addSagas(code: SourceCode, { module, database, options }: Places): boolean {
  if (findConstant(code, 'SagaModule.forContext')) return true;
  const messaging = findConstant(code, 'MessagingModule.forContext');
  if (!messaging) return false;
  const last = messaging.statement.end > database.statement.end ? messaging : database;
  code.insertAfter(
    last.statement,
    `\nconst sagas = SagaModule.forContext(${database.name}, ${messaging.name});`,
  );
  code.import('SAGA_MIGRATIONS', '@fissile/kit/saga');
  code.import('SagaModule', '@fissile/kit/saga');
  addToOperations(code);
  return (
    appendToProperty(code, options, 'migrations', '...SAGA_MIGRATIONS') &&
    appendToProperty(code, module, 'imports', 'sagas')
  );
}

/** So that operators see the sagas of the context. */
function addToOperations(code: SourceCode): void {
  for (const call of callsOf(code, 'forContext')) {
    if (call.expression.getText(code.file) !== 'OperationsModule.forContext') continue;
    const parts = lastObjectOf(code, call);
    if (parts) code.append(parts, parts.properties, 'sagas');
  }
}
