import { queryOfWords } from './words-of.js';

/** A page of rows whose ids are UUIDv7, which sort by the time when they were made. */
export interface PageOfRows {
  readonly limit: number;
  /** The last id of the page before. */
  readonly cursor?: string | undefined;
  /** In place of newest first. */
  readonly oldestFirst?: boolean | undefined;
}

/** When rows were made: at or after `from`, and before `to`. */
export interface MadeBetween {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Who has more rows needs another filter, not their number. */
const COUNTED_AT_MOST = 5_000;

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The conditions of a statement that lists rows, with their values. A filter that is undefined is none. */
export class RowSearch {
  readonly values: unknown[] = [];
  private readonly conditions: string[] = [];
  private leading = '';

  /** @param condition makes SQL of the placeholder of the value */
  where<T>(value: T | undefined, condition: (placeholder: string) => string): this {
    if (value !== undefined) this.conditions.push(condition(this.placeholder(value)));
    return this;
  }

  /** SQL without a value. */
  whereTrue(condition: string | undefined): this {
    if (condition !== undefined) this.conditions.push(condition);
    return this;
  }

  /**
   * Rows with that value, from an index of the column and the id. Rows are compared, so that PostgreSQL uses it: by a plain condition it
   * may read the table from its end. For one column of a search at most.
   */
  whereIndexed(value: string | undefined, column: string, type: string): this {
    if (value === undefined || this.leading !== '') {
      return this.where(value, (of) => `${column} = ${of}::${type}`);
    }
    const of = `${this.placeholder(value)}::${type}`;
    this.conditions.push(
      `(${column}, id) >= (${of}, '${FIRST_ID}'::uuid)`,
      `(${column}, id) <= (${of}, '${LAST_ID}'::uuid)`,
    );
    this.leading = column;
    return this;
  }

  /**
   * Rows with all of these words, each from its beginning on; a text without a word finds none.
   * @param vector what `wordsOf` makes of a row, which has an index
   */
  whereWords(text: string | undefined, vector: string): this {
    const query = text === undefined ? undefined : queryOfWords(text);
    return this.where(query, (of) => `${vector} @@ ${of}::tsquery`);
  }

  made({ from, to }: MadeBetween): this {
    return this.where(from && firstIdAt(from), (of) => `id >= ${of}::uuid`).where(
      to && firstIdAt(to),
      (of) => `id < ${of}::uuid`,
    );
  }

  /** What follows the FROM of the statement for a page. */
  page({ limit, cursor, oldestFirst = false }: PageOfRows): string {
    this.where(cursor, (of) => `id ${oldestFirst ? '>' : '<'} ${of}::uuid`);
    const direction = oldestFirst ? 'ASC' : 'DESC';
    const leading = this.leading === '' ? '' : `${this.leading} ${direction}, `;
    return `WHERE ${this.sql} ORDER BY ${leading}id ${direction} LIMIT ${this.placeholder(limit)}`;
  }

  /** The statement that counts the rows, up to COUNTED_AT_MOST, as `count`. */
  counting(table: string): string {
    return `SELECT count(*)::integer AS count FROM (SELECT FROM ${table} WHERE ${this.sql} LIMIT ${COUNTED_AT_MOST}) AS matching`;
  }

  private get sql(): string {
    return this.conditions.join(' AND ') || 'true';
  }

  private placeholder(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Every UUIDv7 of that millisecond or a later one is at least this; every earlier one is less. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
