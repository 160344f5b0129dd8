import type { Spread } from '../figures.js';

/** A figure over several rounds, a single figure, or words. A ratio is a figure whose column has the unit '×'. */
export type Cell = Spread | number | string;

export interface Column {
  readonly heading: string;
  readonly unit?: string;
  /** Digits after the point; three that count when absent, and for a ratio two after the point. */
  readonly digits?: number;
}

export interface ReportTable {
  readonly title: string;
  /** Markdown below the title. */
  readonly note?: string;
  /** All but the first one, which holds the labels of the rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly Cell[] }[];
  /** The indexes of the columns that are drawn as a plot too. */
  readonly plots?: readonly number[];
}

/** What one command has measured. */
export interface Report {
  /** The name of its file, and of its block in the README: `<!-- bench:slug -->…<!-- /bench -->`. */
  readonly slug: string;
  readonly title: string;
  /** Markdown. The list of reports shows its first sentence. */
  readonly intro: string;
  /** What brings it about, such as `npm run bench`. */
  readonly command: string;
  readonly tables: readonly ReportTable[];
  /** The table of the README, which shows medians alone; the first one when absent. */
  readonly brief?: ReportTable;
  /** The version of the PostgreSQL server that took part, if one did: see postgresVersion(). */
  readonly postgres?: string;
}
