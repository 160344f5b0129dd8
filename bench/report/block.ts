const END = '<!-- /bench -->';

/**
 * Writes the content between `<!-- bench:slug -->` and `<!-- /bench -->`. A text without the block is unchanged.
 * @throws Error when the block does not end
 */
export function replaceBlock(text: string, slug: string, content: string): string {
  const start = `<!-- bench:${slug} -->`;
  const from = text.indexOf(start);
  if (from < 0) return text;
  const to = text.indexOf(END, from);
  const next = text.indexOf('<!-- bench:', from + start.length);
  if (to < 0 || (next >= 0 && next < to)) throw new Error(`the block ${start} does not end with ${END}`);
  return `${text.slice(0, from)}${start}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
