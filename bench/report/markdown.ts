import { headingOf, textOf } from './cells.js';
import type { Report, ReportTable } from './report.js';

/** A plot of one column, drawn into a file beside the report. */
export interface PlotFile {
  readonly name: string;
  readonly table: ReportTable;
  readonly column: number;
}

/** @param facts of the machine, one a line */
export function toMarkdown(report: Report, facts: readonly string[]): string {
  const plots = plotFilesOf(report);
  const sections = report.tables.map((table) => [
    `## ${table.title}`,
    ...(table.note === undefined ? [] : [table.note]),
    toTable(table),
    ...plots.filter((plot) => plot.table === table).map((plot) => `![${altOf(plot)}](${plot.name})`),
  ]);
  return [
    `# ${report.title}`,
    report.intro,
    `Made by \`${report.command}\`. Figures over several rounds read median (minimum–maximum); compare them within one run alone.`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...sections.flat(),
  ].join('\n\n');
}

/** A table as Markdown; figures are right-aligned. */
export function toTable({ columns, rows }: ReportTable, medianOnly = false): string {
  const cellsOf = (row: ReportTable['rows'][number]): string[] =>
    columns.map((column, index) => textOf(row.cells[index] ?? '', column, medianOnly));
  return [
    line(['', ...columns.map(headingOf)]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row) => line([row.label, ...cellsOf(row)])),
  ].join('\n');
}

export function plotFilesOf({ slug, tables }: Report): PlotFile[] {
  return tables.flatMap((table) =>
    (table.plots ?? []).map((column) => ({
      name: `${slug}-${inFileName(table.title)}-${inFileName(table.columns[column]?.heading ?? '')}.svg`,
      table,
      column,
    })),
  );
}

function altOf({ table, column }: PlotFile): string {
  const drawn = table.columns[column];
  return `${table.title}: ${drawn ? headingOf(drawn) : ''}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function inFileName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
