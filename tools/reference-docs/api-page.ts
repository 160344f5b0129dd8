import { readFileSync } from 'node:fs';
import { renderTable } from './render-table.js';

export const API_PAGE = 'docs/api.md';

const DOCUMENT = 'packages/client/openapi.json';

const HEAD = `# API

This page is made from the OpenAPI document of the shop (\`packages/client/openapi.json\`) by \`npm run reference:docs\`; a test fails while it
says something else. A running shop serves the same document at \`/docs-json\`, and shows it with every field at \`/docs\`.

Log in at \`POST /api/auth/login\`, and send what you get as \`Authorization: Bearer …\` where **token** says so; what is under \`/api/admin\`, and
what changes products and stock, is for admins. Lists take \`limit\` and \`cursor\`. Errors are [problem details](errors.md). For TypeScript there is
[a client](guides/use-the-client.md).`;

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The page that lists every route of the committed document, grouped by the path segment that names the resource. */
export function makeApiPage(): string {
  const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Document;
  const groups = Map.groupBy(Object.entries(paths), ([path]) => groupOf(path));
  const sections = [...groups]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([group, members]) => `## ${group}\n\n${tableOf(members)}`);
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

function groupOf(path: string): string {
  const [first = '', second = ''] = path.split('/').slice(1);
  return first === 'api' ? second : 'the process';
}

function tableOf(members: readonly (readonly [string, Readonly<Record<string, Operation>>])[]): string {
  const rows = members.flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary, description, security }]) => [
      `\`${method.toUpperCase()} ${path}\``,
      security?.length ? '**token**' : '',
      [summary, description].filter(Boolean).join('. '),
    ]),
  );
  return renderTable(['route', '', 'what it does'], rows);
}
