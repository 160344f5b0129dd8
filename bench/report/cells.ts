import type { Cell, Column } from './report.js';

/** A cell as text: `median (minimum–maximum)`, or only the median. */
export function textOf(cell: Cell, column: Column, medianOnly = false): string {
  if (typeof cell === 'string') return cell;
  const suffix = column.unit === '×' ? '×' : '';
  const write = (value: number): string => value.toFixed(column.digits ?? digitsOf(value, column));
  if (typeof cell === 'number') return write(cell) + suffix;
  const { min, median, max } = cell;
  const text = write(median) + suffix;
  return medianOnly || min === max ? text : `${text} (${write(min)}–${write(max)})`;
}

/** `heading, unit`; a ratio has its unit in its cells. */
export function headingOf({ heading, unit }: Column): string {
  return unit === undefined || unit === '×' ? heading : `${heading}, ${unit}`;
}

function digitsOf(value: number, { unit }: Column): number {
  if (unit === '×') return 2;
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return 0;
  return size >= 10 ? 1 : 2;
}
