import { useId } from 'preact/hooks';
import { clockTime } from '../shared/format.ts';
import type { History } from '../shared/operator-api.ts';

type Point = History['points'][number];

export interface Line {
  readonly name: string;
  readonly kind: 'calm' | 'busy' | 'bad';
  /** Null where it is not known: the line has a gap there. */
  of(point: Point): number | null;
}

interface ChartProps {
  readonly title: string;
  readonly history: History;
  readonly lines: readonly Line[];
  text(value: number): string;
}

// In the units of the picture, which is as wide as there is room for.
const WIDTH = 400;
const HEIGHT = 110;
/** Points that are farther apart than that have something between them that nobody saw. */
const GAP = 2.5;

/** Lines over time. What they say now is in words below; the figures are in the table that follows all pictures. */
export function Chart({ title, history, lines, text }: ChartProps) {
  const id = useId();
  const highest = highestOf(history, lines);
  const [from, to] = [Date.parse(history.from), Date.parse(history.to)];
  const x = (iso: string): number => ((Date.parse(iso) - from) / Math.max(1, to - from)) * WIDTH;
  const y = (value: number): number => HEIGHT - 2 - (value / (highest || 1)) * (HEIGHT - 6);
  return (
    <figure class="card graph" aria-labelledby={id}>
      <figcaption id={id}>
        {title} <span class="hint">up to {text(highest)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1={0} x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} class="grid" />
        <line x1={0} x2={WIDTH} y1={y(highest)} y2={y(highest)} class="grid" />
        {history.marks.map((mark, index) => (
          <line key={index} x1={x(mark.at)} x2={x(mark.at)} y1={0} y2={HEIGHT} class={`mark ${mark.kind}`} />
        ))}
        {lines.map((line) => (
          <path key={line.name} d={pathOf(history, line, x, y)} class={line.kind} />
        ))}
      </svg>
      <p class="axis-ends" aria-hidden="true">
        <span>{clockTime(history.from)}</span>
        <span>{clockTime(history.to)}</span>
      </p>
      <Latest {...{ history, lines, text }} />
    </figure>
  );
}

function Latest({ history, lines, text }: Omit<ChartProps, 'title'>) {
  const last = history.points.at(-1);
  return (
    <ul class="legend">
      {lines.map((line) => {
        const value = last === undefined ? null : line.of(last);
        return (
          <li key={line.name}>
            <svg width="20" height="8" aria-hidden="true" class="sample">
              <path d="M0 4H20" class={line.kind} />
            </svg>
            {line.name}: {value === null ? '–' : text(value)}
          </li>
        );
      })}
    </ul>
  );
}

function highestOf({ points }: History, lines: readonly Line[]): number {
  return Math.max(0, ...points.flatMap((point) => lines.map((line) => line.of(point) ?? 0)));
}

/** A point that stands alone is a short stroke, so that it is seen. */
function pathOf(
  { points, everySeconds }: History,
  line: Line,
  x: (iso: string) => number,
  y: (value: number) => number,
): string {
  let [path, lastAt] = ['', Number.NEGATIVE_INFINITY];
  for (const point of points) {
    const value = line.of(point);
    if (value === null) continue;
    const at = Date.parse(point.at);
    const isNew = at - lastAt > everySeconds * 1_000 * GAP;
    const place = `${x(point.at).toFixed(1)} ${y(value).toFixed(1)}`;
    path += isNew ? `M${place}h0.1` : `L${place}`;
    lastAt = at;
  }
  return path;
}
