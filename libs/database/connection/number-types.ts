import pg from 'pg';

const { INT4, INT8 } = pg.types.builtins;
const INT4_ARRAY = 1007;
const INT8_ARRAY = 1016;

type GetTypeParser = (oid: number, format?: 'text' | 'binary') => unknown;

/**
 * Reads bigint columns as numbers, because ours stay far below 2^53. It is given to our own connections and
 * statements alone: pg's global default would change what an application reads in its own queries.
 */
export const BIGINT_AS_NUMBER: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary' = 'text') => {
    const parserOf = pg.types.getTypeParser as GetTypeParser;
    if (format === 'text' && oid === INT8) return parserOf(INT4, format);
    if (format === 'text' && oid === INT8_ARRAY) return parserOf(INT4_ARRAY, format);
    return parserOf(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};
