import { createRequire } from 'node:module';
import { join } from 'node:path';
import type TypeScript from 'typescript';
import { CommandError } from './command-error.js';

export type { TypeScript };

/**
 * The compiler that the product has installed. Only its parser is used, which reads code with errors in it too.
 * @param command who needs it, such as `fissile new`
 * @throws CommandError when there is none
 */
export function typescriptOf(root: string, command: string): typeof TypeScript {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    try {
      const found = createRequire(from)('typescript') as typeof TypeScript;
      if (typeof found.createSourceFile === 'function') return found;
    } catch {
      // Not installed there.
    }
  }
  throw new CommandError(`${command} needs the package typescript: npm install --save-dev typescript`);
}
