import type { FaultOutcome } from './run-faults.js';

const HEADINGS = ['fault', 'topology', 'rounds', 'begun', 'refused', 'problems'];

/** What is wrong after a fault is mostly the same thing many times. */
const MAX_LINES = 10;

/** The outcomes as a table of text, and below it a line for each problem. */
export function describeOutcomes(outcomes: readonly FaultOutcome[]): string {
  const rows = outcomes.map(({ fault, topology, rounds, begun, refused, problems }) =>
    [fault, topology, rounds, begun, refused, problems.length].map(String),
  );
  const problems = outcomes.flatMap(({ fault, topology, problems: found }) =>
    firstOf(found).map((line) => `  ${fault}, ${topology}: ${line}`),
  );
  return [drawTable(HEADINGS, rows), ...problems].join('\n');
}

function firstOf(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`];
}

/** A table of text: the first two columns to the left, numbers to the right. */
export function drawTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const draw = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `  ${padded.join('  ')}`.trimEnd();
  };
  return [headings, ...rows].map(draw).join('\n');
}
