/** What stands between words: all of ASCII that is no letter and no digit, and the punctuation beyond it. In JavaScript and in PostgreSQL alike. */
const SEPARATORS = String.raw`[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]+`;

/** Before each word, so that it begins with a letter: PostgreSQL's parser takes `1e5f47e3` of an id for the number 1e5 and the word f47e3. */
const MARK = 'w';

/**
 * SQL of the words of a text, to be indexed and searched.
 * @param text SQL, never null
 */
export function wordsOf(text: string): string {
  return `to_tsvector('simple'::regconfig, '${MARK}' || regexp_replace(${text}, '${SEPARATORS}', ' ${MARK}', 'g'))`;
}

/** What finds rows that have all the words of a text, each from its beginning on, in any case. Empty for a text without a word. */
export function queryOfWords(text: string): string {
  const words = text
    .toLowerCase()
    .split(new RegExp(SEPARATORS, 'u'))
    .filter((word) => word !== '');
  return words.map((word) => `'${MARK}${word}':*`).join(' & ');
}
