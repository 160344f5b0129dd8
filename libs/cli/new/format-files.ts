import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProjectPlan } from './project-plan.js';

/** The part of prettier that is used here. */
interface Prettier {
  getFileInfo(path: string, options: object): Promise<{ ignored: boolean; inferredParser: string | null }>;
  resolveConfig(path: string, options: object): Promise<object | null>;
  check(text: string, options: object): Promise<boolean>;
  format(text: string, options: object): Promise<string>;
}

/** Formats a text that stands at a path of the product; as it is, where it is not to be formatted or cannot be parsed. */
export type FormatText = (path: string, text: string) => Promise<string>;

/**
 * Formats what is planned, as the product formats its code: by prettier, if it is installed. A file that was not
 * formatted before is only edited, and so is one that cannot be parsed.
 */
export async function formatFiles(plan: ProjectPlan): Promise<void> {
  const prettier = await prettierOf(plan.root);
  if (!prettier) return;
  for (const [path, content] of [...plan.created, ...plan.changed]) {
    const options = await optionsFor(prettier, plan.root, path);
    if (!options) continue;
    const old = plan.original(path);
    try {
      if (old === undefined || (await prettier.check(old, options))) {
        plan.put(path, await prettier.format(content, options));
      }
    } catch {
      // The code was broken before: it is edited all the same, and formatted when it is mended.
    }
  }
}

/** How the product formats its texts. */
export async function formatterOf(root: string): Promise<FormatText> {
  const prettier = await prettierOf(root);
  return async (path, text) => {
    const options = prettier && (await optionsFor(prettier, root, path));
    if (!options) return text;
    return prettier.format(text, options).catch(() => text);
  };
}

/** Undefined for a file that is not to be formatted. */
async function optionsFor(prettier: Prettier, root: string, path: string): Promise<object | undefined> {
  const file = join(root, path);
  const { ignored, inferredParser } = await prettier.getFileInfo(file, {
    ignorePath: ['.gitignore', '.prettierignore'].map((name) => join(root, name)),
  });
  if (ignored || inferredParser === null) return undefined;
  return { ...(await prettier.resolveConfig(file, { editorconfig: true })), filepath: file };
}

async function prettierOf(root: string): Promise<Prettier | undefined> {
  let entry: string;
  try {
    entry = createRequire(join(root, 'package.json')).resolve('prettier');
  } catch {
    return undefined;
  }
  const loaded = (await import(pathToFileURL(entry).href)) as Prettier & { default?: Prettier };
  return loaded.default ?? loaded;
}
