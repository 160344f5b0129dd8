import { isProduction } from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';

export interface PageLink {
  readonly name: string;
  readonly path: string;
  /** Whether it is for those who operate the product, and at their port where they have one. */
  readonly isForOperators: boolean;
}

/** What operators alone need, by the templates of the routes; the probes of what keeps the process running stay with both. */
const OF_OPERATORS = /^\/(health$|metrics$|docs|console|api\/admin)/;

export function isForOperators(route: string): boolean {
  return OF_OPERATORS.test(route);
}

/** The pages that the gateway of every product has. */
const OWN = [
  { name: 'console', path: '/console' },
  { name: 'docs', path: '/docs' },
];

/** Where people find what a gateway serves: the product's pages, and those that every gateway has. */
export function pageLinksOf({ pages }: Product): PageLink[] {
  const own = OWN.filter(({ path }) => pages.every((page) => page.path !== path));
  const here = pages.filter(({ outsideProduction }) => !outsideProduction || !isProduction());
  return [...here, ...own].map(pageLink);
}

export function pageLink({ name, path }: Omit<PageLink, 'isForOperators'>): PageLink {
  return { name, path, isForOperators: isForOperators(path) };
}
