import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../command-error.js';
import type { TemplateRecord } from './template-record.js';

/** create-fissile of the same release, which is packed with the kit. */
const RENDERER = new URL('../../create-fissile/dist/rendered-templates.js', import.meta.url);
const PACKAGE_FILE = new URL('../../../package.json', import.meta.url);

interface Renderer {
  /** @returns the texts by their paths */
  renderTemplates(answers: TemplateRecord['answers']): Readonly<Record<string, string>>;
}

/** The version of the kit that runs. */
export function kitVersion(): string {
  return (JSON.parse(readFileSync(PACKAGE_FILE, 'utf8')) as { version: string }).version;
}

/** The files that this kit would make a product from, for the same answers. */
export async function currentTemplates({ answers }: TemplateRecord): Promise<Record<string, string>> {
  if (!existsSync(RENDERER)) {
    throw new CommandError(`${fileURLToPath(RENDERER)} does not exist: install @fissile/kit again`);
  }
  const { renderTemplates } = (await import(RENDERER.href)) as Renderer;
  return { ...renderTemplates(answers) };
}
