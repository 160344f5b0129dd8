import type { SettingDescription } from '@fissile/kit/config';
import { renderTable } from '../reference-docs/render-table.js';

const HEAD = `# Settings

This page is made from the schemas in the code by \`npm run settings:docs\`; a test fails while it says something else.
How settings are given and changed while the shop runs: [Configuring the shop](guides/configure.md).

A setting \`X\` can be read from the file that \`X_FILE\` names. Those marked **live** follow a change in Consul without a restart;
those marked **renewable**, and those marked live, follow a change of the file that \`X_FILE\` names.
Consul may also say those marked **Consul**, for the next start, and no others: what is a matter of security or money never
comes from it. Those marked **secret** are never printed, and never read from Consul.`;

/** The page about all settings, by group. Its tables are not aligned, so that a new setting adds exactly one line. */
export function renderSettings(settings: readonly SettingDescription[]): string {
  const groups = Map.groupBy(settings, ({ group }) => group);
  const sections = [...groups]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([group, members]) => `## ${group}\n\n${tableOf(members)}`);
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

function tableOf(settings: readonly SettingDescription[]): string {
  const rows = settings.map((setting) => {
    const marks = [
      setting.live && '**live**',
      setting.renewable && '**renewable**',
      setting.fromConsul && '**Consul**',
      setting.secret && '**secret**',
    ]
      .filter(Boolean)
      .join(', ');
    return [`\`${setting.name}\``, setting.expected, code(setting.default), marks, setting.description];
  });
  return renderTable(
    ['setting', 'expected', 'default', '', 'what it does'],
    rows.map((cells) => cells.map(asText)),
  );
}

function code(text: string | null): string {
  return text === null ? '' : `\`${text}\``;
}

/** Text between < and > would be parsed as HTML. */
function asText(cell: string): string {
  return cell.replace(/<(?![^`]*`)/g, '&lt;');
}
