import { MissingPackagesError } from '@fissile/kit/host';
import { CommandError } from '../command-error.js';
import type { GeneratedFile } from '../generate/generate.js';
import { checkDocument } from './read-document.js';
import { renderTypes } from './render-types.js';
import { sortDocument } from './sorted-document.js';

/** Where the document is kept, and the types that are made of it. */
export interface ClientPlace {
  readonly document: string;
  readonly types: string;
}

/** In the folder of a product. */
export const CLIENT_PLACE: ClientPlace = { document: 'client/openapi.json', types: 'client/api.ts' };

/**
 * The OpenAPI document, with paths and schemas sorted, and the types of a client.
 * @param from what served or printed the document, for the message
 * @throws CommandError when it is none, or a package is missing
 */
export async function clientFiles(
  read: unknown,
  from: string,
  place: ClientPlace = CLIENT_PLACE,
): Promise<GeneratedFile[]> {
  const document = sortDocument(checkDocument(read, from));
  return [
    { path: place.document, content: `${JSON.stringify(document, null, 2)}\n` },
    { path: place.types, content: await typesOf(document) },
  ];
}

async function typesOf(document: object): Promise<string> {
  try {
    return await renderTypes(document);
  } catch (error) {
    if (error instanceof MissingPackagesError) throw new CommandError(error.message);
    throw error;
  }
}
