import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Product } from '@fissile/kit/contract';
import { CommandError } from './command-error.js';

interface PackageFile {
  readonly name?: string;
  readonly imports?: Readonly<Record<string, { readonly default?: string } | undefined>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Relative to the root: the compiled program that can host every context. */
const PROGRAM = 'dist/apps/monolith/src/main.js';

/** The repository of a product: the folder whose package.json maps `#contracts` to the product's description. */
export interface ProductProject {
  readonly root: string;
  readonly name: string;
  /** The compiled description of the product, such as `dist/contracts/index.js` in the root. */
  readonly descriptionFile: string;
}

/**
 * Finds the project in this folder or one above it.
 * @throws CommandError when there is none
 */
export function findProject(from = process.cwd()): ProductProject {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) {
      const { name = '', imports } = readPackageFile(path);
      const description = imports?.['#contracts']?.default;
      if (description) return { root: folder, name, descriptionFile: join(folder, description) };
    }
    if (dirname(folder) === folder) break;
  }
  throw new CommandError(
    `${from} is no product: expected a package.json here or above that maps "#contracts" to its description`,
  );
}

/** Where the product of this folder keeps its data. */
export function dataDirOf(environment: NodeJS.ProcessEnv): string {
  return environment['DATA_DIR'] ?? join(findProject().root, '.data');
}

/**
 * The product's description, as last compiled.
 * @throws CommandError when it is not compiled or exports no product
 */
export async function loadProduct({ descriptionFile }: ProductProject): Promise<Product> {
  if (!existsSync(descriptionFile)) {
    throw new CommandError(`${descriptionFile} does not exist: run npm run build first`);
  }
  const exported = (await import(pathToFileURL(descriptionFile).href)) as Record<string, unknown>;
  const product = Object.values(exported).find((value) => value instanceof Product);
  if (!product) throw new CommandError(`${descriptionFile} exports no product made by defineProduct`);
  return product;
}

/**
 * The compiled program of the product, relative to its root.
 * @param advice what to do when it is not compiled
 * @throws CommandError when it is not compiled
 */
export function programOf(root: string, advice = 'run npm run build first'): string {
  if (!existsSync(join(root, PROGRAM))) {
    throw new CommandError(`${join(root, PROGRAM)} does not exist: ${advice}`);
  }
  return PROGRAM;
}

/** The npm scripts of the product, by name. */
export function scriptsOf(root: string): Readonly<Record<string, string>> {
  return readPackageFile(join(root, 'package.json')).scripts ?? {};
}

function readPackageFile(path: string): PackageFile {
  return JSON.parse(readFileSync(path, 'utf8')) as PackageFile;
}
