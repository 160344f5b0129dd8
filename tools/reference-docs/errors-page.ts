import { type ErrorDescription, knownErrorCodes, requireError } from '@fissile/kit/contract';
import { shop } from '#contracts';

export const ERRORS_PAGE = 'docs/errors.md';

const HEAD = `# Errors

This page is made from the errors of the kit and of the contexts in \`contracts/\` by \`npm run reference:docs\`; a test fails while it says
something else. A running product serves the same at \`/errors\`.

Every error is answered as \`application/problem+json\` (RFC 9457):

\`\`\`json
{
  "type": "/errors#stock_insufficient",
  "title": "There is not enough stock",
  "status": 409,
  "detail": "There is not enough stock. \`details.productId\` names the product; order fewer units, or wait until it is restocked",
  "code": "stock_insufficient",
  "traceId": "0af7651916cd43dd8448eb211c80319c",
  "details": { "productId": "01890a5d-ac96-774b-bcce-b302099a8057" }
}
\`\`\`

Check the \`code\`; titles and details are for people and may change. \`type\` leads to the section of the code on the product's own page \`/errors\`; it is
relative, since only a client knows by which address it reaches the product. \`validation_failed\` also has \`errors: [{ path, message }]\`, one for each
invalid field, and its \`detail\` repeats the first; some errors have plain \`details\`. A temporary error ("may pass") can be retried without any change, after
\`Retry-After\` seconds where the response has it. The same codes are the \`reason.code\` of a cancelled order and the \`error\` of a step in its timeline.`;

/** Every error, in a section whose anchor is its code, below whom it belongs to. */
export function makeErrorsPage(): string {
  const ofContexts = shop.contexts.map(({ name, errors }) => ({ name, codes: Object.keys(errors) }));
  const taken = new Set(ofContexts.flatMap(({ codes }) => codes));
  const ofKit = knownErrorCodes().filter((code) => !taken.has(code));
  const sections = [{ name: 'every product', codes: ofKit }, ...ofContexts]
    .filter(({ codes }) => codes.length > 0)
    .map(({ name, codes }) => [`## Of ${name}`, ...codes.map((code) => sectionOf(code, requireError(code)))]);
  return `${[HEAD, ...sections.flat()].join('\n\n')}\n`;
}

function sectionOf(code: string, { status, title, detail, retryable }: ErrorDescription): string {
  const more = detail === undefined ? '' : ` ${detail}.`;
  return `### \`${code}\`\n\n${status}${retryable ? ', may pass' : ''}. **${title}.**${more}`;
}
