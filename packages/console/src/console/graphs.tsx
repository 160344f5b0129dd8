import { useRef, useState } from 'preact/hooks';
import { count, duration, rate } from '../shared/format.ts';
import { Fault } from '../shared/notices.tsx';
import type { History } from '../shared/operator-api.ts';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { Chart, type Line } from './chart.tsx';
import { HistoryTable } from './history-table.tsx';
import { MarkList } from './mark-list.tsx';
import { product } from './product.ts';

const RENEW_EVERY_MS = 10_000;

const RANGES = [
  { range: '15m', text: '15 minutes' },
  { range: '1h', text: '1 hour' },
  { range: '6h', text: '6 hours' },
] as const;

type Range = (typeof RANGES)[number]['range'];
type Point = History['points'][number];

interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
  text(value: number): string;
}

const milliseconds = (value: number): string => duration(value / 1_000);

const GRAPHS: readonly Graph[] = [
  {
    title: 'Requests per second',
    text: rate,
    lines: [
      { name: 'all', kind: 'calm', of: ({ requestsPerSecond }: Point) => requestsPerSecond },
      { name: 'failed', kind: 'bad', of: ({ failedPerSecond }: Point) => failedPerSecond },
    ],
  },
  {
    title: 'Response time',
    text: milliseconds,
    lines: [
      { name: 'p50', kind: 'calm', of: ({ p50Ms }: Point) => p50Ms },
      { name: 'p99', kind: 'busy', of: ({ p99Ms }: Point) => p99Ms },
    ],
  },
  {
    title: 'Outbox lag',
    text: duration,
    lines: [
      { name: 'the oldest event', kind: 'calm', of: ({ outboxLagSeconds }: Point) => outboxLagSeconds },
    ],
  },
  {
    title: 'Events waiting',
    text: count,
    lines: [
      { name: 'unpublished', kind: 'calm', of: ({ outboxEvents }: Point) => outboxEvents },
      { name: 'behind a dead letter', kind: 'busy', of: ({ inboxEvents }: Point) => inboxEvents },
    ],
  },
];

/**
 * What the product did in the last minutes or hours, as the gateway has kept it.
 * @param saidAbove what the page says is wrong: not said a second time here, and read again when it is over
 */
export function Graphs({ saidAbove }: { saidAbove: string | undefined }) {
  const [range, setRange] = useState<Range>('15m');
  // When that is over, the graphs have the same error until they are read again.
  const lastSaid = useRef(saidAbove);
  const { value, error, isLoading, reload } = useLoaded(
    () => product.get('/api/admin/history', { params: { query: { range } } }),
    [range, saidAbove],
  );
  if (saidAbove !== undefined || error === undefined) lastSaid.current = saidAbove;
  useEvery(RENEW_EVERY_MS, () => {
    if (!isLoading) reload();
  });
  return (
    <section aria-label="History">
      <div class="row spread">
        <h2>The last {RANGES.find((each) => each.range === range)?.text}</h2>
        <RangeChoice range={range} choose={setRange} />
      </div>
      <Fault text={error === lastSaid.current ? undefined : error} />
      <Pictures history={value ?? nothingYet()} />
    </section>
  );
}

function RangeChoice({ range, choose }: { range: Range; choose(range: Range): void }) {
  return (
    <label class="range">
      Range
      <select value={range} onChange={({ currentTarget }) => choose(currentTarget.value as Range)}>
        {RANGES.map((each) => (
          <option key={each.range} value={each.range}>
            {each.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** As large as what is to come, so that nothing moves. */
function nothingYet(): History {
  const now = new Date().toISOString();
  return { from: now, to: now, everySeconds: 1, points: [], marks: [] };
}

function Pictures({ history }: { history: History }) {
  return (
    <>
      <div class="graphs">
        {GRAPHS.map((graph) => (
          <Chart key={graph.title} history={history} {...graph} />
        ))}
      </div>
      <MarkList history={history} />
      <HistoryTable history={history} />
    </>
  );
}
