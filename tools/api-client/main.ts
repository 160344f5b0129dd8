import { writeFile } from 'node:fs/promises';
import { DOCUMENT_FILE, inOrder, TYPES_FILE } from './api-files.js';
import { renderTypes } from './render-types.js';
import { servedDocument } from './served-document.js';

const document = inOrder(await servedDocument());
await writeFile(DOCUMENT_FILE, `${JSON.stringify(document, null, 2)}\n`);
await writeFile(TYPES_FILE, await renderTypes(document));
console.log(
  `  ${DOCUMENT_FILE} and ${TYPES_FILE} are as the shop is. Build the client with npm run build:all.`,
);
