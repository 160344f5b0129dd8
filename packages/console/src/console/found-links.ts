import { ApiProblem } from '@fissile/api-client';
import { shortId } from '../shared/format.ts';
import type { MissingContext } from '../shared/missing-contexts.ts';
import type { FindLink } from '../shared/operator-api.ts';
import { product } from './product.ts';

/** A thing of the product that is there, and the page that shows it. */
export interface FoundLink {
  readonly kind: string;
  readonly title: string;
  readonly href: string;
}

/** Those of the links that lead somewhere. What could not be asked for is missing, by its kind. */
export async function followLinks(links: readonly FindLink[]) {
  const found: FoundLink[] = [];
  const missing: MissingContext[] = [];
  await Promise.all(
    links.map(async ({ kind, api, page }) => {
      try {
        // Which paths there are is the product's matter: no type of the kit names them.
        const thing: unknown = await product.get(api as never);
        found.push({ kind, title: titleOf(page, thing), href: page });
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (error.status !== 404) missing.push({ context: kind, reason: error.code });
      }
    }),
  );
  return { found, missing };
}

/** Its id, and its status or name where it has one. */
function titleOf(page: string, thing: unknown): string {
  const { status, name } = (thing ?? {}) as { status?: unknown; name?: unknown };
  const about = [name, status].filter((value) => typeof value === 'string');
  return [`…${shortId(page)}`, ...about].join(', ');
}
