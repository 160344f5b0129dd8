import type { Context, ESTree, Plugin, Rule } from '@oxlint/plugins';

/** The rules of this repository for which the linter has none. */
const namedExports: Rule = {
  create: (context) => ({
    ExportAllDeclaration(node) {
      context.report({ node, message: 'Name what you export: `export *` hides what a room offers.' });
    },
  }),
};

const noLiteralSpreads: Rule = {
  create: (context) => ({
    SpreadElement(node) {
      if (node.argument.type !== 'ObjectExpression' && node.argument.type !== 'ArrayExpression') return;
      const message = 'Write the members where they belong: a spread of a literal only steers the formatter.';
      context.report({ node, message });
    },
  }),
};

/** A finding is mended, not silenced. */
const noSilencedFindings: Rule = {
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (!/^\s*(eslint|oxlint)-disable/.test(comment.value)) continue;
        context.report({ loc: comment.loc, message: 'Mend what the linter has found here.' });
      }
    },
  }),
};

/**
 * What is used only as a type is imported as one. A class that a decorated class names in a constructor or a signature stays a
 * value: Nest reads it from the metadata that the compiler emits. The linter's own rule does not know of decorators.
 */
const typeImports: Rule = {
  create: (context) => ({
    ImportDeclaration(node) {
      if (node.importKind === 'type') return;
      for (const specifier of node.specifiers) {
        if (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type') continue;
        if (!isOnlyAType(context, specifier)) continue;
        const message = `'${specifier.local.name}' is used only as a type: import it with \`type\`.`;
        context.report({ node: specifier, message });
      }
    },
  }),
};

function isOnlyAType(context: Context, specifier: ESTree.ImportDeclarationSpecifier): boolean {
  const references = context.sourceCode
    .getDeclaredVariables(specifier)
    .flatMap((variable) => variable.references);
  return (
    references.length > 0 &&
    references.every(
      (reference) => isTypeReference(reference) && !isInDecoratedClass(reference.identifier as ESTree.Node),
    )
  );
}

/** The linter's scopes have it, as those of typescript-eslint do; its types do not name it yet. */
function isTypeReference(reference: object): boolean {
  return 'isTypeReference' in reference && reference.isTypeReference === true;
}

function isInDecoratedClass(node: ESTree.Node): boolean {
  for (let at: ESTree.Node | null = node; at; at = at.parent) {
    if (at.type !== 'ClassDeclaration' && at.type !== 'ClassExpression') continue;
    const isDecorated = ({ decorators }: { decorators?: unknown[] }) => (decorators?.length ?? 0) > 0;
    if (isDecorated(at) || at.body.body.some((member) => isDecorated(member as { decorators?: unknown[] })))
      return true;
  }
  return false;
}

const plugin: Plugin = {
  meta: { name: 'fissile' },
  rules: {
    'named-exports': namedExports,
    'no-literal-spreads': noLiteralSpreads,
    'no-silenced-findings': noSilencedFindings,
    'type-imports': typeImports,
  },
};
export default plugin;
