import { z } from 'zod';
import { RequestInvalid } from './validation.js';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;

/** The query parameters of every list. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,6}$/, `expected a whole number from 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.int().min(1, 'expected at least 1').max(MAX_LIMIT, `expected at most ${MAX_LIMIT}`))
    .default(DEFAULT_LIMIT)
    .meta({ description: `How many items at most, from 1 to ${MAX_LIMIT}`, example: DEFAULT_LIMIT }),
  cursor: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'The nextCursor of the answer before; without it the list starts' }),
};

export const PageQuery = z.strictObject(pageQuery);
export type PageQuery = z.output<typeof PageQuery>;

export interface Page<T> {
  readonly items: T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/**
 * Makes a page of rows that were read with one more than the limit, which shows whether there is a next page.
 * @param position the value of the last row's sort key, from which the next page goes on.
 */
export function toPage<T>(rows: readonly T[], limit: number, position: (row: T) => string): Page<T> {
  const { items, next } = cutPage(rows, limit, position);
  return { items, nextCursor: next === undefined ? null : encodeCursor(next) };
}

/** The same within the product, where the position itself is the cursor. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  position: (row: T) => string,
): { readonly items: T[]; readonly next: string | undefined } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? position(last) : undefined };
}

function encodeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

/**
 * The position that a cursor stands for; undefined without a cursor.
 * @param position checks it, since a client can send any text.
 * @throws RequestInvalid
 */
export function readCursor<T>(cursor: string | undefined, position: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  const result = position.safeParse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (result.success) return result.data;
  throw new RequestInvalid([{ path: 'cursor', message: 'expected a nextCursor of this list' }]);
}
