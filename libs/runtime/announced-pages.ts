import type { Product } from '@fissile/kit/contract';

/** The pages for people that the gateway of every product has. */
const KIT_PAGES = [
  { name: 'console', path: '/console' },
  { name: 'docs', path: '/docs' },
];

/** Where people find what the gateway serves, a line each. */
export function announcePages({ pages }: Product, url: string): string[] {
  return [...pages, ...KIT_PAGES].map(({ name, path }) => `    ${name.padEnd(10)} ${url}${path}`);
}
