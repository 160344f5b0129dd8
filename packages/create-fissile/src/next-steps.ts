import { relative } from 'node:path';
import { contextCommands } from './add-contexts.js';
import type { Options } from './options.js';

/** What the user does next. */
export function nextSteps(options: Options): string {
  const { folder, install, auth } = options;
  const commands = [
    `cd ${relative(process.cwd(), folder) || '.'}`,
    ...(install ? [] : ['npm install', ...contextCommands(options), 'npm run generate']),
    ...(auth === 'oidc' ? ['export AUTH_ISSUER=https://… AUTH_AUDIENCE=…'] : []),
    'npm start',
  ];
  return `\nMade ${folder}. Next:\n\n${commands.map((command) => `  ${command}`).join('\n')}\n`;
}
