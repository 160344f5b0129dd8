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

/**
 * Formats what is planned, as the product formats its code: by prettier, if it is installed. A file that was not
 * formatted before is only edited, and so is one that cannot be parsed.
 */
export async function formatFiles(plan: ProjectPlan): Promise<void> {
  const prettier = await prettierOf(plan.root);
  if (!prettier) return;
  for (const [path, content] of [...plan.created, ...plan.changed]) {
    const file = join(plan.root, path);
    const { ignored, inferredParser } = await prettier.getFileInfo(file, {
      ignorePath: ['.gitignore', '.prettierignore'].map((name) => join(plan.root, name)),
    });
    if (ignored || inferredParser === null) continue;
    const options = { ...(await prettier.resolveConfig(file, { editorconfig: true })), filepath: file };
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
