/** A context that did not answer, and the code of the error that came instead. */
export interface MissingContext {
  readonly context: string;
  readonly reason: string;
}

/**
 * Names the contexts that do not answer; undefined when there are none.
 * @param beginning such as "Not in this list"
 */
export function textOfMissing(
  beginning: string,
  missing: readonly MissingContext[] | undefined,
): string | undefined {
  if (missing === undefined || missing.length === 0) return undefined;
  const contexts = missing.map(({ context, reason }) => `${context} (${reason})`).join(', ');
  return `${beginning}, since they do not answer: ${contexts}`;
}

/** A context that was missing in several pages is named once. */
export function allMissing(
  lists: readonly (readonly MissingContext[] | undefined)[],
): readonly MissingContext[] {
  return [...new Map(lists.flatMap((list) => list ?? []).map((each) => [each.context, each])).values()];
}
