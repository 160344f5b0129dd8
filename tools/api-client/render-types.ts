import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';

const HEADER = `// Made by \`npm run client\` from openapi.json: the types of the public API.\n\n`;

/** TypeScript for the paths and schemas of an OpenAPI document. */
export async function renderTypes(document: object): Promise<string> {
  // The generator resolves references in place.
  const own = structuredClone(document) as OpenAPI3;
  const nodes = await openapiTS(own, { alphabetize: true, transform: extensibleEnum });
  return HEADER + astToString(nodes);
}

/** The values known now; a later version of the shop may have more. */
function extensibleEnum(schema: object): ts.TypeNode | undefined {
  const known = (schema as { 'x-extensible-enum'?: readonly string[] })['x-extensible-enum'];
  if (!known) return undefined;
  const { factory } = ts;
  return factory.createUnionTypeNode(
    known.map((value) => factory.createLiteralTypeNode(factory.createStringLiteral(value))),
  );
}
