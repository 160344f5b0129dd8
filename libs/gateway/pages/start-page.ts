import type { Product } from '@fissile/kit/contract';
import { pageLink, pageLinksOf } from '@fissile/kit/operations';
import { escaped, htmlPage } from './html-page.js';

/** What the root of a product leads to, as data. */
export interface StartPage {
  readonly name: string;
  readonly description: string;
  readonly links: readonly { readonly name: string; readonly path: string }[];
}

const HEALTH = pageLink({ name: 'health', path: '/health' });

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
