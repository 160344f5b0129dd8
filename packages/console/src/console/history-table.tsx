import { count, duration, rate } from '../shared/format.ts';
import type { History } from '../shared/operator-api.ts';
import { Time } from '../shared/time.tsx';

type Point = History['points'][number];

/** More rows are not read. */
const ROWS = 30;

interface Column {
  readonly title: string;
  of(point: Point): number | null;
  text(value: number): string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Requests/s', of: ({ requestsPerSecond }) => requestsPerSecond, text: rate },
  { title: 'Failed/s', of: ({ failedPerSecond }) => failedPerSecond, text: rate },
  { title: 'p50', of: ({ p50Ms }) => p50Ms, text: (ms) => duration(ms / 1_000) },
  { title: 'p99', of: ({ p99Ms }) => p99Ms, text: (ms) => duration(ms / 1_000) },
  { title: 'Oldest event', of: ({ outboxLagSeconds }) => outboxLagSeconds, text: duration },
  { title: 'Unpublished', of: ({ outboxEvents }) => outboxEvents, text: count },
  { title: 'Behind a dead letter', of: ({ inboxEvents }) => inboxEvents, text: count },
];

/** What the pictures show, as figures: the newest first, and of points that share a row the highest. */
export function HistoryTable({ history: { points } }: { history: History }) {
  const rows = inRows(points);
  return (
    <details class="history">
      <summary>The same as a table</summary>
      <div class="scroll" tabIndex={0} role="group" aria-label="History as a table">
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">Until</th>
              {COLUMNS.map(({ title }) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row[0].at} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

type RowPoints = readonly [Point, ...Point[]];

function Row({ row }: { row: RowPoints }) {
  return (
    <tr>
      <th scope="row" class="time">
        <Time at={(row.at(-1) ?? row[0]).at} clock />
      </th>
      {COLUMNS.map(({ title, of, text }) => {
        const known = row.flatMap((point) => of(point) ?? []);
        return (
          <td key={title} class="number">
            {known.length === 0 ? '–' : text(Math.max(...known))}
          </td>
        );
      })}
    </tr>
  );
}

function inRows(points: readonly Point[]): RowPoints[] {
  const size = Math.max(1, Math.ceil(points.length / ROWS));
  const rows: RowPoints[] = [];
  for (let end = points.length; end > 0; end -= size) {
    rows.push(points.slice(Math.max(0, end - size), end) as unknown as RowPoints);
  }
  return rows;
}
