import type { Product } from '@fissile/kit/contract';
import { pageLinksOf } from '@fissile/kit/operations';

/** Where people find what the gateway serves, a line each. @param operatorsUrl where it serves its own pages */
export function announcePages(product: Product, url: string, operatorsUrl = url): string[] {
  return pageLinksOf(product).map(
    ({ name, path, isForOperators }) =>
      `    ${name.padEnd(10)} ${isForOperators ? operatorsUrl : url}${path}`,
  );
}
