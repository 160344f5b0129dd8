import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { MissingPackagesError } from '@fissile/kit/host';
import { checkDocument, readDocument } from '../client/read-document.js';
import { renderTypes } from '../client/render-types.js';
import { servedDocument } from '../client/served-document.js';
import { sortDocument } from '../client/sorted-document.js';
import { CommandError } from '../command-error.js';
import { findProject } from '../product-project.js';

interface ClientOptions {
  readonly from?: string;
  readonly document: string;
  readonly types: string;
  readonly check?: true;
}

const EXAMPLES = `
Examples:
  $ fissile client                               starts the product, empty, and reads its document
  $ fissile client --from http://127.0.0.1:3000  reads that of a product that runs
  $ fissile client --from openapi.json --types src/api.ts
  $ fissile client --check                       for CI: fails when the files are not up to date

With openapi-fetch, the types make a client: createClient<paths>({ baseUrl: 'http://127.0.0.1:3000' }).
It needs the packages openapi-typescript and typescript.`;

/** Makes a product's typed client from the OpenAPI document that it serves. */
export function clientCommand(): Command {
  return new Command('client')
    .description("Makes the types of the product's HTTP API from its OpenAPI document")
    .option('--from <source>', 'a file, or a URL; without it the product is started for a moment')
    .option('--document <file>', 'where the document is kept', 'client/openapi.json')
    .option('--types <file>', 'where the types are written', 'client/api.ts')
    .option('--check', 'write nothing, and fail when a file is not up to date')
    .addHelpText('after', EXAMPLES)
    .action(makeClient);
}

async function makeClient({ from, document: documentFile, types, check }: ClientOptions): Promise<void> {
  const read = from === undefined ? await servedDocument(findProject().root) : await readDocument(from);
  const document = sortDocument(checkDocument(read, from ?? 'What the product serves'));
  const texts = [
    [documentFile, `${JSON.stringify(document, null, 2)}\n`],
    [types, await typesOf(document)],
  ] as const;
  const stale = texts.filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
  const names = stale.map(([file]) => file).join(' and ');
  if (check && stale.length > 0) {
    throw new CommandError(`Not up to date with the API: ${names}. Run the command without --check.`);
  }
  for (const [file, text] of stale) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(stale.length === 0 ? `${documentFile} and ${types} are up to date.` : `Written: ${names}`);
}

async function typesOf(document: object): Promise<string> {
  try {
    return await renderTypes(document);
  } catch (error) {
    if (error instanceof MissingPackagesError) throw new CommandError(error.message);
    throw error;
  }
}
