/** Inserts text before an anchor in a file. @throws Error when the anchor does not exist (any more) */
export function insertBefore(text: string, anchor: string, insertion: string): string {
  const at = text.indexOf(anchor);
  if (at === -1)
    throw new Error(`the place before ${JSON.stringify(anchor)} is not where it was; add it by hand`);
  return text.slice(0, at) + insertion + text.slice(at);
}

/** Replaces the text that a pattern matches. @throws Error when it matches nothing (any more) */
export function replaceAt(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) throw new Error(`nothing matches ${pattern} any more; change it by hand`);
  return text.replace(pattern, replacement);
}
