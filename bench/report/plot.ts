import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { headingOf, textOf } from './cells.js';
import type { ReportTable } from './report.js';

const WIDTH = 460;
const BAR = '#4c78a8';
const INK = '#24292f';
/** An opaque background, so that text is readable on light and dark pages. */
const GROUND = '#ffffff';

/** A bar for each row of one column, with whiskers from the minimum to the maximum. @returns SVG */
export async function drawPlot(table: ReportTable, index: number): Promise<string> {
  const column = table.columns[index];
  if (!column) throw new Error(`the table "${table.title}" has no column ${index}`);
  const values = table.rows.flatMap(({ label, cells }) => {
    const cell = cells[index] ?? '';
    if (typeof cell === 'string') return [];
    const { min, median, max } = typeof cell === 'number' ? { min: cell, median: cell, max: cell } : cell;
    return [{ label, min, median, max, text: textOf(cell, column, true) }];
  });
  const title = { text: headingOf(column), subtitle: table.title };
  const view = new View(parse(compile(specOf(values, title)).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

function specOf(values: object[], { text, subtitle }: { text: string; subtitle: string }): TopLevelSpec {
  const y = { field: 'label', type: 'nominal', sort: null, axis: { title: null, labelLimit: 260 } } as const;
  return {
    title: { text, subtitle, anchor: 'start' },
    data: { values },
    width: WIDTH,
    height: { step: 26 },
    background: GROUND,
    padding: 12,
    layer: [
      {
        mark: { type: 'bar', color: BAR, height: { band: 0.6 } },
        encoding: { y, x: { field: 'median', type: 'quantitative', title: null } },
      },
      {
        mark: { type: 'rule', color: INK },
        encoding: { y, x: { field: 'min', type: 'quantitative' }, x2: { field: 'max' } },
      },
      ...(['min', 'max'] as const).map((end) => ({
        mark: { type: 'tick' as const, color: INK, size: 8 },
        encoding: { y, x: { field: end, type: 'quantitative' as const } },
      })),
      {
        mark: { type: 'text', align: 'left', dx: 6, color: INK },
        encoding: { y, x: { field: 'max', type: 'quantitative' }, text: { field: 'text' } },
      },
    ],
    config: {
      view: { stroke: null },
      font: 'sans-serif',
      axis: { labelColor: INK, gridColor: '#d8dee4', labelFontSize: 12 },
      title: { color: INK, subtitleColor: '#57606a', fontSize: 14 },
      text: { fontSize: 12 },
    },
  };
}
