import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';
import type { Answers } from './options.js';
import { renderFolder, type TemplateFile } from './template.js';
import { placeholderValues } from './texts.js';

/**
 * The files that the user owns before the first context is made.
 * @param kit what package.json has for @fissile/kit
 */
export function projectFiles(options: Answers, kit: string): TemplateFile[] {
  const values = placeholderValues(options);
  const folders = ['base', options.auth, ...(options.auth === 'users' ? ['packed/users'] : [])];
  const files = folders
    .flatMap((folder) => renderFolder(folder, values))
    .filter(({ path }) => path !== '_package.json');
  return [...files, { path: 'package.json', text: packageFile(options, kit) }];
}

/** The version of this package, which is released together with the kit. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
