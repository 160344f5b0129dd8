import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** They are shipped as they are, not compiled: the same folder serves the repository of the kit and its package. */
const TEMPLATES = fileURLToPath(new URL('../../../cli/new/templates/', import.meta.url));

export interface TemplateValues {
  /** What stands for `{{name}}` in texts and in paths. */
  readonly texts: Readonly<Record<string, string>>;
  /** Which parts `{{#name}}…{{/name}}` are kept; those of other names are left out. */
  readonly parts?: readonly string[];
}

export interface NewFile {
  /** Relative to the root of the product. */
  readonly path: string;
  readonly content: string;
}

/** The files of a template, filled in. @param kind a folder of templates, such as `context` */
export function filledTemplates(kind: string, values: TemplateValues): NewFile[] {
  const folder = join(TEMPLATES, kind);
  return globSync('**/*.template', { cwd: folder })
    .sort()
    .map((template) => ({
      path: fill(template.replaceAll('\\', '/'), values).replace(/\.template$/, ''),
      content: fill(readFileSync(join(folder, template), 'utf8'), values),
    }));
}

/** @throws Error for a name without a value: the template or its caller is wrong */
export function fill(text: string, { texts, parts = [] }: TemplateValues): string {
  // A tag that has a line to itself leaves no empty line behind.
  const joined = text.replace(/^[ \t]*(\{\{[#/]\w+\}\})[ \t]*\n/gm, '$1');
  return keep(joined, parts).replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = texts[name];
    if (value === undefined) throw new Error(`the template has no value for ${whole}`);
    return value;
  });
}

/** Parts may stand in parts. */
function keep(text: string, parts: readonly string[]): string {
  return text.replace(/\{\{#(\w+)\}\}([^]*?)\{\{\/\1\}\}/g, (_, name: string, part: string) =>
    parts.includes(name) ? keep(part, parts) : '',
  );
}
