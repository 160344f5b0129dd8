import { join } from 'node:path';
import type { Product } from '@fissile/kit/contract';
import { findProject, loadProduct, programOf } from './product-project.js';

/** The compiled product, as tests start it. */
export interface ProductToTest {
  readonly product: Product;
  readonly main: string;
  readonly cwd: string;
}

/** @throws CommandError when this is no product, or it is not compiled */
export async function productToTest(): Promise<ProductToTest> {
  const project = findProject();
  const { root } = project;
  const product = await loadProduct(project);
  return { product, main: join(root, programOf(root)), cwd: root };
}

/** Splits a list of names as it stands in a flag. */
export function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
