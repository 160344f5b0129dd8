import type * as generator from 'openapi-typescript';
import type ts from 'typescript';
import { requirePackages } from '@fissile/kit/host';

/** They are no peers of the kit: npm would then install them in production too. */
const GENERATOR = 'openapi-typescript';
const COMPILER = 'typescript';

const HEADER = `// Made by \`fissile client\` from the OpenAPI document: the types of the public API.\n\n`;

/**
 * TypeScript for the paths and schemas of an OpenAPI document.
 * @throws MissingPackagesError when the generator is not installed
 */
export async function renderTypes(document: object): Promise<string> {
  requirePackages('fissile client', [GENERATOR, COMPILER]);
  const { astToString, default: openapiTS } = (await import(GENERATOR)) as typeof generator;
  const { default: compiler } = (await import(COMPILER)) as { default: typeof ts };
  /** The values known now; a later version of the product may have more. */
  const extensibleEnum = (schema: object): ts.TypeNode | undefined => {
    const known = (schema as { 'x-extensible-enum'?: readonly string[] })['x-extensible-enum'];
    const literals = known?.map((value) =>
      compiler.factory.createLiteralTypeNode(compiler.factory.createStringLiteral(value)),
    );
    return literals && compiler.factory.createUnionTypeNode(literals);
  };
  // The generator resolves references in place.
  const own = structuredClone(document) as generator.OpenAPI3;
  return HEADER + astToString(await openapiTS(own, { alphabetize: true, transform: extensibleEnum }));
}
