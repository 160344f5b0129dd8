import { defineContext, defineProduct, type Product } from '@fissile/kit/contract';

/** A product whose contexts matter only by name. */
export function productOf(...names: readonly string[]): Product {
  return defineProduct({
    name: 'Test',
    description: 'Contexts of a test.',
    contexts: names.map((name) => defineContext({ name })),
  });
}
