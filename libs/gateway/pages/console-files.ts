import { fileURLToPath } from 'node:url';
import { PageFiles } from './page-routes.js';

const CONSOLE = 'console';

/** Where the console is built, relative to the compiled file. */
const FOLDER = fileURLToPath(new URL('../../console', import.meta.url));

/** The operators' console, which shows whatever contexts there are, and the pages of the product. */
export function withConsole(own: PageFiles | undefined): readonly PageFiles[] {
  const consoleFiles = own?.names.includes(CONSOLE) ? [] : [new PageFiles(FOLDER, [CONSOLE])];
  return [...consoleFiles, ...(own ? [own] : [])];
}
