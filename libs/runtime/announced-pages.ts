import type { Product } from '@fissile/kit/contract';

/** The page that the gateway of every product has. */
const DOCS = { name: 'docs', path: '/docs' };

/** Where people find what the gateway serves, a line each. */
export function announcePages({ pages }: Product, url: string): string[] {
  return [...pages, DOCS].map(({ name, path }) => `    ${name.padEnd(10)} ${url}${path}`);
}
