import type { Outcome } from './run-faults.js';

const HEADINGS = ['fault', 'topology', 'tries', 'orders', 'lost', 'doubled', 'stuck'] as const;

/** The outcomes as a text table. */
export function drawTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ fault, topology, tries, orders, lost, doubled, stuck }) =>
    [fault, topology, tries, orders, lost.length, doubled.length, stuck.length].map(String),
  );
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const draw = (cells: readonly string[]) =>
    `  ${cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')}`.trimEnd();
  return [draw(HEADINGS), ...rows.map(draw)].join('\n');
}

/** A line for each failure. */
export function listViolations(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ fault, topology, lost, doubled, stuck, hints }) =>
    Object.entries({ lost, doubled, stuck, 'in its log': hints }).flatMap(([kind, lines]) =>
      lines.map((line) => `${fault}, ${topology}: ${kind}: ${line}`),
    ),
  );
}
