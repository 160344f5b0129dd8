import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { CLIENT_PLACE, clientFiles, type ClientPlace } from '../client/client-files.js';
import { programDocument } from '../client/program-document.js';
import { readDocument } from '../client/read-document.js';
import { CommandError } from '../command-error.js';
import { findProject } from '../product-project.js';

interface ClientOptions extends ClientPlace {
  readonly from?: string;
  readonly check?: true;
}

const EXAMPLES = `
Examples:
  $ fissile client                               of the product in this folder, as last compiled
  $ fissile client --from http://127.0.0.1:3000  reads that of a product that runs
  $ fissile client --from openapi.json --types src/api.ts
  $ fissile client --check                       for CI: fails when the files are not up to date

With openapi-fetch, the types make a client: createClient<paths>({ baseUrl: 'http://127.0.0.1:3000' }).
It needs the packages openapi-typescript and typescript.`;

/** Makes a product's typed client from the OpenAPI document that it serves. */
export function clientCommand(): Command {
  return new Command('client')
    .description("Makes the types of the product's HTTP API from its OpenAPI document")
    .option('--from <source>', 'a file, or a URL; without it the product is asked, as last compiled')
    .option('--document <file>', 'where the document is kept', CLIENT_PLACE.document)
    .option('--types <file>', 'where the types are written', CLIENT_PLACE.types)
    .option('--check', 'write nothing, and fail when a file is not up to date')
    .addHelpText('after', EXAMPLES)
    .action(makeClient);
}

async function makeClient({ from, check, ...place }: ClientOptions): Promise<void> {
  const read = from === undefined ? await programDocument(findProject().root) : await readDocument(from);
  const files = await clientFiles(read, from ?? 'What the product describes', place);
  const stale = files.filter(
    ({ path, content }) => !existsSync(path) || readFileSync(path, 'utf8') !== content,
  );
  const names = stale.map(({ path }) => path).join(' and ');
  if (check && stale.length > 0) {
    throw new CommandError(`Not up to date with the API: ${names}. Run the command without --check.`);
  }
  for (const { path, content } of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const { document, types } = place;
  console.log(stale.length === 0 ? `${document} and ${types} are up to date.` : `Written: ${names}`);
}
