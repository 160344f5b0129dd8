import type { Product } from '@fissile/kit/contract';
import { escaped, htmlPage } from './html-page.js';

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
  return [...pages, ...own].map(toLink);
}

function toLink({ name, path }: Omit<PageLink, 'isForOperators'>): PageLink {
  return { name, path, isForOperators: isForOperators(path) };
}

/** What the root of a product leads to, as data. */
export interface StartPage {
  readonly name: string;
  readonly description: string;
  readonly links: readonly { readonly name: string; readonly path: string }[];
}

const HEALTH = toLink({ name: 'health', path: '/health' });

/** @param forOperators whether the reader is at a port where operators find what is theirs */
export function startPageOf(product: Product, forOperators: boolean): StartPage {
  const links = [...pageLinksOf(product), HEALTH].filter((link) => forOperators || !link.isForOperators);
  const { name, description } = product;
  return { name, description, links: links.map(({ name, path }) => ({ name, path })) };
}

export function toHtml({ name, description, links }: StartPage): string {
  const items = links.map((link) => `<li><a href="${escaped(link.path)}">${escaped(link.name)}</a></li>`);
  return htmlPage(
    name,
    `<p>${escaped(description)}</p>
<nav><ul>
${items.join('\n')}
</ul></nav>`,
  );
}

/** For pages that name no other; browsers ask for it at `/favicon.ico` by themselves. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#2f5fd0"/>
<circle cx="10" cy="16" r="4" fill="#fff"/><circle cx="22" cy="9" r="3" fill="#fff"/><circle cx="22" cy="23" r="3" fill="#fff"/>
<path d="M13.5 14.5 19 10.7M13.5 17.5l5.5 3.8" stroke="#fff" stroke-width="2"/>
</svg>
`;
