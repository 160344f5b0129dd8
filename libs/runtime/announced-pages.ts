import type { Product } from '@fissile/kit/contract';

/** The pages that the gateway of every product has. */
const OWN = [
  { name: 'console', path: '/console' },
  { name: 'docs', path: '/docs' },
];

/** Where people find what the gateway serves, a line each. @param operatorsUrl where it serves its own pages */
export function announcePages({ pages }: Product, url: string, operatorsUrl = url): string[] {
  const others = OWN.filter(({ path }) => pages.every((page) => page.path !== path));
  const isOwn = (path: string): boolean => OWN.some((page) => page.path === path);
  return [...pages, ...others].map(
    ({ name, path }) => `    ${name.padEnd(10)} ${isOwn(path) ? operatorsUrl : url}${path}`,
  );
}
