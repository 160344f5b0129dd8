import type { SourceCode } from './source-code.js';
import type { TypeScript as ts } from '../typescript-of.js';

/** A call such as `defineContext({ … })`, and the name of the constant that holds its result. */
export interface DescribingCall {
  readonly name: string;
  readonly description: ts.ObjectLiteralExpression;
}

/** Finds `const <name> = <callee>({ … })`. */
export function findDescription({ ts, file }: SourceCode, callee: string): DescribingCall | undefined {
  return firstOf(ts, file, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return undefined;
    const call = node.initializer;
    if (!call || !ts.isCallExpression(call) || call.expression.getText(file) !== callee) return undefined;
    const [description] = call.arguments;
    if (!description || !ts.isObjectLiteralExpression(description)) return undefined;
    return { name: node.name.text, description };
  });
}

/** A statement `const <name> = <call>` at the top of a file. */
export interface Constant {
  readonly name: string;
  readonly statement: ts.Statement;
  readonly call: ts.CallExpression;
}

/** Finds the constant that holds the result of a call, such as of `DatabaseModule.forContext`. */
export function findConstant({ ts, file }: SourceCode, callee: string): Constant | undefined {
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer: call } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || !call || !ts.isCallExpression(call)) continue;
      if (call.expression.getText(file) === callee) return { name: name.text, statement, call };
    }
  }
  return undefined;
}

/** The metadata of the class that has the decorator `@Module({ … })`. */
export function findModule(code: SourceCode): ts.ObjectLiteralExpression | undefined {
  const decorator = callsOf(code, 'Module').find(({ parent }) => code.ts.isDecorator(parent));
  return decorator && lastObjectOf(code, decorator);
}

/** The object that is the last argument of a call. */
export function lastObjectOf(
  { ts }: SourceCode,
  call: ts.CallExpression,
): ts.ObjectLiteralExpression | undefined {
  const last = call.arguments.at(-1);
  return last && ts.isObjectLiteralExpression(last) ? last : undefined;
}

/** What a name is imported from. */
export function moduleOf({ ts, file }: SourceCode, name: string): string | undefined {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    if (bindings.elements.some((element) => element.name.text === name))
      return statement.moduleSpecifier.text;
  }
  return undefined;
}

/** All calls of a function or method, by its last name. */
export function callsOf({ ts, file }: SourceCode, name: string): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  firstOf(ts, file, (node) => {
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const called = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      if (ts.isIdentifier(called) && called.text === name) found.push(node);
    }
    return undefined;
  });
  return found;
}

/** The object that an expression is, or that the constant of that name in the same file holds. */
export function objectOf(
  { ts, file }: SourceCode,
  expression: ts.Expression | undefined,
): ts.ObjectLiteralExpression | undefined {
  if (!expression || ts.isObjectLiteralExpression(expression)) return expression;
  if (ts.isSatisfiesExpression(expression) || ts.isAsExpression(expression)) {
    return objectOf({ ts, file } as SourceCode, expression.expression);
  }
  if (!ts.isIdentifier(expression)) return undefined;
  return firstOf(ts, file, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return undefined;
    if (node.name.text !== expression.text || !node.initializer) return undefined;
    return ts.isObjectLiteralExpression(node.initializer) ? node.initializer : undefined;
  });
}

/** The value of a property; `{ name }` holds the name itself. */
export function propertyOf(
  { ts }: SourceCode,
  object: ts.ObjectLiteralExpression,
  name: string,
): ts.Expression | undefined {
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && nameOf(property.name) === name) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return property.name;
  }
  return undefined;
}

/**
 * Adds an element to the array that a property holds, and the property when the object has none.
 * @returns false when the property holds no array that can be seen here
 */
export function appendToProperty(
  code: SourceCode,
  object: ts.ObjectLiteralExpression,
  name: string,
  element: string,
): boolean {
  const value = propertyOf(code, object, name);
  if (value === undefined) code.append(object, object.properties, `${name}: [${element}]`);
  else if (code.ts.isArrayLiteralExpression(value)) code.append(value, value.elements, element);
  else return false;
  return true;
}

/** Names that a file imports and also imports or declares elsewhere: it could not be compiled. */
export function repeatedNames({ ts, file }: SourceCode): string[] {
  const imported: string[] = [];
  const declared: string[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings && ts.isNamedImports(bindings))
        imported.push(...bindings.elements.map(({ name }) => name.text));
      continue;
    }
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name)) declared.push(name.text);
      }
    } else if ('name' in statement && statement.name) {
      declared.push((statement.name as ts.Identifier).text);
    }
  }
  const repeated = imported.filter(
    (name, index) => imported.indexOf(name) < index || declared.includes(name),
  );
  return [...new Set(repeated)];
}

function nameOf(name: ts.PropertyName): string | undefined {
  return 'text' in name ? String(name.text) : undefined;
}

/** The first result that is not undefined, from the node and all below it. */
function firstOf<Result>(
  typescript: typeof ts,
  node: ts.Node,
  take: (node: ts.Node) => Result | undefined,
): Result | undefined {
  return (
    take(node) ??
    typescript.forEachChild(node, (child): Result | undefined => firstOf(typescript, child, take))
  );
}
