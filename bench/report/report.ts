import type { Spread } from '../figures.js';

/** A figure over several rounds, a single figure, or text. A ratio is a figure whose column has the unit '×'. */
export type Cell = Spread | number | string;

export interface Column {
  readonly heading: string;
  readonly unit?: string;
  /** Decimals; three significant digits when absent, and two decimals for a ratio. */
  readonly digits?: number;
}

export interface ReportTable {
  readonly title: string;
  /** Markdown below the title. */
  readonly note?: string;
  /** All columns except the first, which holds the labels of the rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly Cell[] }[];
  /** The indexes of the columns that are also plotted. */
  readonly plots?: readonly number[];
}

/** The results of one command. */
export interface Report {
  /** The name of its file, and of its block in docs/performance.md: `<!-- bench:slug -->…<!-- /bench -->`. */
  readonly slug: string;
  readonly title: string;
  /** Markdown. The list of reports shows its first sentence. */
  readonly intro: string;
  /** The command that produces it, such as `npm run bench`. */
  readonly command: string;
  readonly tables: readonly ReportTable[];
  /** The table for docs/performance.md, which shows only medians; the first one when absent. */
  readonly brief?: ReportTable;
  /** The version of the PostgreSQL server, if the benchmark used one: see postgresVersion(). */
  readonly postgres?: string;
}
