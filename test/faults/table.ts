import { drawTable } from '@fissile/kit/testing';
import type { Outcome } from './run-faults.js';

const HEADINGS = ['fault', 'topology', 'tries', 'orders', 'lost', 'doubled', 'stuck'];

/** The outcomes as a text table. */
export function drawOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ fault, topology, tries, orders, lost, doubled, stuck }) =>
    [fault, topology, tries, orders, lost.length, doubled.length, stuck.length].map(String),
  );
  return drawTable(HEADINGS, rows);
}

/** A line for each failure. */
export function listViolations(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ fault, topology, lost, doubled, stuck, hints }) =>
    Object.entries({ lost, doubled, stuck, 'in its log': hints }).flatMap(([kind, lines]) =>
      lines.map((line) => `${fault}, ${topology}: ${kind}: ${line}`),
    ),
  );
}
