import { And, Equal, type FindOperator, LessThan, LessThanOrEqual, MoreThan, MoreThanOrEqual } from 'typeorm';
import { firstIdAt, type MadeBetween, type PageOfRows } from './row-search.js';

/**
 * Which ids the rows of a page have, as a condition of TypeORM; undefined when all may. The ids are UUIDv7.
 * @param id the only one that is wanted
 */
export function idsOfPage({
  id,
  cursor,
  oldestFirst = false,
  from,
  to,
}: Omit<PageOfRows, 'limit'> & MadeBetween & { readonly id?: string | undefined }):
  FindOperator<string> | undefined {
  return allOf([
    ...(id === undefined ? [] : [Equal(id)]),
    ...(cursor === undefined ? [] : [oldestFirst ? MoreThan(cursor) : LessThan(cursor)]),
    ...(from === undefined ? [] : [MoreThanOrEqual(firstIdAt(from))]),
    ...(to === undefined ? [] : [LessThan(firstIdAt(to))]),
  ]);
}

/** The order of the ids of a page. */
export const idOrder = ({ oldestFirst = false }: Pick<PageOfRows, 'oldestFirst'>): 'ASC' | 'DESC' =>
  oldestFirst ? 'ASC' : 'DESC';

/** Numbers of a range, both bounds within, as a condition of TypeORM; undefined when all are. */
export function numbersBetween(
  min: number | undefined,
  max: number | undefined,
): FindOperator<number> | undefined {
  return allOf([
    ...(min === undefined ? [] : [MoreThanOrEqual(min)]),
    ...(max === undefined ? [] : [LessThanOrEqual(max)]),
  ]);
}

function allOf<T>(conditions: readonly FindOperator<T>[]): FindOperator<T> | undefined {
  return conditions.length === 0 ? undefined : And(...conditions);
}
