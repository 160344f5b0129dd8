/** Commands in a page, as a reader would copy them. */
export interface CommandBlock {
  readonly page: string;
  /** The line where it begins, from 1. */
  readonly line: number;
  readonly text: string;
  /** Why a test does not run it, if a comment before it in the page says so. */
  readonly notRun: string | undefined;
}

const FENCE =
  /(?:<!-- not run: (?<reason>.+?) -->\s*)?^(?<indent> *)```(?:sh|console)\n(?<text>.*?)^ *```$/gms;
const ANY_FENCE = /^ *```.*?^ *```$/gms;

export function commandBlocksOf(page: string, markdown: string): CommandBlock[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const { reason, indent = '', text = '' } = match.groups ?? {};
    const before = markdown.slice(0, match.index + match[0].indexOf('```'));
    return {
      page,
      line: before.split('\n').length,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      notRun: reason,
    };
  });
}

/** The page without its blocks of code. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(ANY_FENCE, '');
}

/** The targets of a page's links and images. */
export function linksOf(markdown: string): string[] {
  const prose = proseOf(markdown).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** The inline code of a page. */
export function inlineCodeOf(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
}

/** The anchors of a page's headings, as GitHub generates them. */
export function anchorsOf(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
