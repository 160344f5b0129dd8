import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside dist/ in the package. */
export const TEMPLATE = fileURLToPath(new URL('../template/', import.meta.url));

/** npm leaves out or renames files with these names when it packs; in the template `_` stands for the dot. */
const HIDDEN =
  /^_(gitignore|dockerignore|prettierignore|oxlintrc\.json|dependency-cruiser\.cjs|github)(?=$|\/)/;

export interface TemplateFile {
  /** In the new project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files of a folder of the template with their placeholders, such as `{{name}}`, replaced. An expression of GitHub's,
 * `${{ … }}`, is none.
 * @throws Error for a placeholder without a value
 */
export function renderFolder(folder: string, values: Readonly<Record<string, string>>): TemplateFile[] {
  const root = join(TEMPLATE, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .map((path) => ({
      path: path.replace(HIDDEN, '.$1'),
      text: render(path, readFileSync(join(root, path), 'utf8'), values),
    }));
}

function render(path: string, text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path} has {{${name}}}, which has no value`);
    return value;
  });
}

export function writeFiles(folder: string, files: readonly TemplateFile[]): void {
  for (const { path, text } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
