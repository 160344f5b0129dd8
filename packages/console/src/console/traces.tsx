import { ChoiceFilter, FilterForm, TextFilter } from '../shared/filters.tsx';
import { duration } from '../shared/format.ts';
import { PagedTable } from '../shared/paged.tsx';
import type { Trace } from '../shared/operator-api.ts';
import { addressWith, type Query, useQuery } from '../shared/use-query.ts';
import { Time } from '../shared/time.tsx';
import { product } from './product.ts';
import { useProcesses } from './use-processes.ts';
import { useRecent } from './use-recent.ts';

const TRACE_ID = /^(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?$/i;

/** What was typed as a trace id, or as a traceparent that contains one. */
export const typedTraceId = (text: string): string | undefined => TRACE_ID.exec(text)?.[1]?.toLowerCase();

/** The traces that the processes have kept in memory, newest first. */
export function TracesPage() {
  const [query, change] = useQuery();
  const { text, process, minDurationMs, failed } = query;
  const asked = { text, process, minDurationMs, failed: failed === 'true' ? ('true' as const) : undefined };
  const traces = useRecent(
    (cursor) => product.get('/api/admin/traces', { params: { query: { ...asked, limit: '50', cursor } } }),
    [JSON.stringify(asked)],
  );
  const off = traces.first?.off ?? [];
  return (
    <>
      <h1 tabIndex={-1}>Traces</h1>
      <p class="hint">What each process has kept in memory of the last minutes. A collector keeps more.</p>
      <TraceFilters {...{ query, change }} refresh={traces.reload} />
      {off.length > 0 && (
        <p class="hint">
          These keep no traces: {off.join(', ')}. <code>RECENT_SPANS</code> says how many a process keeps.
        </p>
      )}
      <PagedTable
        label="Traces"
        columns={['Trace', 'Begun', 'Took', 'All of it', 'Spans', 'Processes', 'Error']}
        empty="No traces match."
        pages={traces}
      >
        {traces.items.map((trace) => (
          <Row key={trace.traceId} trace={trace} />
        ))}
      </PagedTable>
    </>
  );
}

function Row({ trace }: { trace: Trace }) {
  const { traceId, name, startedAt, durationMs, totalMs, spans, processes, error } = trace;
  return (
    <tr>
      <th scope="row">
        <a href={`#/traces/${traceId}`}>{name ?? 'a part of a trace'}</a>
      </th>
      <td class="time">
        <Time at={startedAt} />
      </td>
      <td class="time">{duration(durationMs / 1000)}</td>
      <td class="time">{duration(totalMs / 1000)}</td>
      <td>{spans}</td>
      <td>{processes.join(', ')}</td>
      <td>{error !== null && <span class="badge bad">{error}</span>}</td>
    </tr>
  );
}

interface TraceFiltersProps {
  readonly query: Query;
  change(changes: Query): void;
  refresh(): void;
}

function TraceFilters({ query, change, refresh }: TraceFiltersProps) {
  const { text, process, minDurationMs, failed } = query;
  const search = (value: string): void => {
    const traceId = typedTraceId(value);
    if (traceId === undefined) change({ text: value });
    else location.hash = `#/traces/${traceId}`;
  };
  return (
    <FilterForm label="Filter traces" names={Object.keys(query)} {...{ query, change }}>
      <TextFilter label="Text or trace id" value={text} change={search} />
      <ChoiceFilter
        label="Process"
        value={process}
        options={useProcesses()}
        change={(value) => change({ process: value })}
      />
      <TextFilter
        label="At least ms"
        inputMode="numeric"
        value={minDurationMs}
        change={(value) => change({ minDurationMs: value })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={failed === 'true'}
          onChange={({ currentTarget }) => change({ failed: currentTarget.checked ? 'true' : '' })}
        />
        Failed only
      </label>
      <button type="button" onClick={refresh}>
        Refresh
      </button>
    </FilterForm>
  );
}

/** Where the log lines of a trace are. */
export const logsOf = (traceId: string): string => addressWith('#/logs', { traceId });
