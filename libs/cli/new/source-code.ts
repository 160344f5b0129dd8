import type { TypeScript } from '../typescript-of.js';

interface Insertion {
  readonly at: number;
  readonly text: string;
}

interface Additions {
  readonly elements: TypeScript.NodeArray<TypeScript.Node>;
  readonly codes: string[];
}

/**
 * A file of code, and what is to be inserted into it. Places are found in its syntax tree, so it does not matter how the
 * file is formatted, and what is around a place stays as it was.
 */
export class SourceCode {
  readonly file: TypeScript.SourceFile;
  private readonly insertions: Insertion[] = [];
  private readonly additions = new Map<TypeScript.Node, Additions>();
  private readonly newImports = new Map<string, string[]>();

  constructor(
    readonly ts: typeof TypeScript,
    path: string,
    readonly text: string,
  ) {
    this.file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }

  /** The text with all that was inserted. */
  edited(): string {
    const insertions = [
      ...this.insertions,
      ...[...this.additions].flatMap(([list, added]) => this.insertionsOf(list, added)),
      ...this.insertionsOfImports(),
    ].sort((one, other) => one.at - other.at);
    let result = '';
    let from = 0;
    for (const { at, text } of insertions) {
      result += this.text.slice(from, at) + text;
      from = at;
    }
    return result + this.text.slice(from);
  }

  insertAfter(node: TypeScript.Node, text: string): void {
    this.insertions.push({ at: node.end, text });
  }

  /** Adds an element at the end of a list: of an array, an object, or the names of an import or export. */
  append(list: TypeScript.Node, elements: TypeScript.NodeArray<TypeScript.Node>, code: string): void {
    const added = this.additions.get(list);
    if (added) added.codes.push(code);
    else this.additions.set(list, { elements, codes: [code] });
  }

  /** Imports a name, by an import that is there or a new one after the last. */
  import(name: string, from: string, kind: 'value' | 'type' = 'value'): void {
    const code = kind === 'type' ? `type ${name}` : name;
    const names = this.namesImportedFrom(from);
    if (names) {
      const isThere = names.elements.some((element) => element.name.text === name);
      if (!isThere) this.append(names, names.elements, code);
      return;
    }
    this.newImports.set(from, [...(this.newImports.get(from) ?? []), code]);
  }

  private namesImportedFrom(from: string): TypeScript.NamedImports | undefined {
    for (const { moduleSpecifier, importClause } of this.imports()) {
      if (!this.ts.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== from) continue;
      const bindings = importClause?.namedBindings;
      const isOfTypes = importClause?.phaseModifier === this.ts.SyntaxKind.TypeKeyword;
      if (bindings && this.ts.isNamedImports(bindings) && !isOfTypes) return bindings;
    }
    return undefined;
  }

  private imports(): TypeScript.ImportDeclaration[] {
    return this.file.statements.filter((statement) => this.ts.isImportDeclaration(statement));
  }

  private insertionsOfImports(): Insertion[] {
    const last = this.imports().at(-1);
    return [...this.newImports].map(([from, names]) => {
      const line = `import { ${names.join(', ')} } from '${from}';`;
      return last ? { at: last.end, text: `\n${line}` } : { at: this.file.getStart(), text: `${line}\n` };
    });
  }

  private insertionsOf(list: TypeScript.Node, { elements, codes }: Additions): Insertion[] {
    const last = elements.at(-1);
    if (!last) return [{ at: list.getStart(this.file) + 1, text: ` ${codes.join(', ')} ` }];
    const end = elements.hasTrailingComma ? elements.end : last.end;
    // A comment behind the last element stays with it.
    const comments = this.ts.getTrailingCommentRanges(this.text, end) ?? [];
    const hasOwnLine =
      this.text.slice(last.pos, last.getStart(this.file)).includes('\n') ||
      comments.some(({ kind }) => kind === this.ts.SyntaxKind.SingleLineCommentTrivia);
    const before = hasOwnLine ? `\n${this.indentOf(last)}` : ' ';
    const comma = elements.hasTrailingComma || hasOwnLine ? ',' : '';
    const text = `${codes.map((code) => before + code).join(',')}${comma}`;
    const added = { at: comments.at(-1)?.end ?? end, text };
    return elements.hasTrailingComma ? [added] : [{ at: last.end, text: ',' }, added];
  }

  private indentOf(node: TypeScript.Node): string {
    const start = node.getStart(this.file);
    const line = this.text.lastIndexOf('\n', start - 1) + 1;
    return /^[ \t]*/.exec(this.text.slice(line, start))?.[0] ?? '';
  }
}
