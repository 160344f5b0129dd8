import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { replaceBlock } from './block.js';
import { machineFacts } from './machine.js';
import { plotFilesOf, toMarkdown, toTable } from './markdown.js';
import { drawPlot } from './plot.js';
import type { Report } from './report.js';

const FOLDER = 'docs/benchmarks';
const INDEX = 'README.md';
const BRIEFS = 'docs/performance.md';

/**
 * Prints the tables. After a full run, it also writes the report, with its plots, into docs/benchmarks, its line into
 * the list there, and its brief table into the page about the budget.
 */
export async function writeReport(report: Report, full: boolean): Promise<void> {
  const facts = machineFacts(report.postgres);
  console.log(facts.join('\n'));
  for (const table of report.tables) console.log(`\n${table.title}\n\n${await tidy(toTable(table))}`);
  if (!full) return;
  await mkdir(FOLDER, { recursive: true });
  await writePlots(report);
  await writeFile(join(FOLDER, `${report.slug}.md`), await tidy(toMarkdown(report, facts)));
  await writeIndex();
  await writeBrief(report);
  console.log(`\nwritten to ${FOLDER}/${report.slug}.md`);
}

/** Deletes plots of an earlier run first: a renamed table would leave its old one behind. */
async function writePlots(report: Report): Promise<void> {
  const former = (await readdir(FOLDER)).filter(
    (name) => name.startsWith(`${report.slug}-`) && name.endsWith('.svg'),
  );
  for (const name of former) await rm(join(FOLDER, name));
  for (const { name, table, column } of plotFilesOf(report)) {
    await writeFile(join(FOLDER, name), await drawPlot(table, column));
  }
}

async function writeIndex(): Promise<void> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.md') && name !== INDEX).sort();
  const lines = await Promise.all(
    names.map(async (name) => {
      const [title = '', intro = ''] = (await readFile(join(FOLDER, name), 'utf8')).split('\n\n');
      const [sentence = ''] = /^.*?[.:](?=\s|$)/s.exec(intro) ?? [intro];
      return `- [${title.replace('# ', '')}](${name}): ${sentence.replaceAll('\n', ' ')}`;
    }),
  );
  const text = `# Benchmarks\n\nEach report is written by its command; change the benchmark, not the report.\n\n${lines.join('\n')}`;
  await writeFile(join(FOLDER, INDEX), await tidy(text));
}

async function writeBrief(report: Report): Promise<void> {
  const table = report.brief ?? report.tables[0];
  if (!table) return;
  const page = await readFile(BRIEFS, 'utf8');
  const changed = replaceBlock(page, report.slug, toTable(table, true));
  if (changed !== page) await writeFile(BRIEFS, await tidy(changed));
}

async function tidy(markdown: string): Promise<string> {
  const config = await resolveConfig(join(FOLDER, INDEX));
  return format(markdown, { ...config, parser: 'markdown' });
}
