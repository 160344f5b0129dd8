import type { QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { ChoiceFilter, FilterForm, TextFilter } from '../shared/filters.tsx';
import { PagedTable } from '../shared/paged.tsx';
import type { LogLine } from '../shared/operator-api.ts';
import { addressWith, type Query, useQuery } from '../shared/use-query.ts';
import { product } from './product.ts';
import { useProcesses } from './use-processes.ts';
import { useRecent } from './use-recent.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const BAD = new Set(['error', 'fatal']);

type Level = NonNullable<QueryOf<OperatorApi, '/api/admin/logs'>['level']>;

const moment = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** To the millisecond, since many lines are of one second; without the day, since none is older than one. */
const exactly = (iso: string): string => `${moment.format(new Date(iso))}.${iso.slice(20, 23)}`;

/** The log lines that the processes have kept in memory, newest first. */
export function LogsPage() {
  const [query, change] = useQuery();
  const { process, level, text, traceId } = query;
  // The API refuses a level that the address has and that does not exist, and names those that do.
  const asked = { process, level: level as Level | undefined, text, traceId };
  const lines = useRecent(
    (cursor) => product.get('/api/admin/logs', { params: { query: { ...asked, limit: '100', cursor } } }),
    [JSON.stringify(asked)],
  );
  return (
    <>
      <h1 tabIndex={-1}>Logs</h1>
      <p class="hint">
        What each process has kept in memory of its last lines. <code>LOG_LEVEL</code> says which are written.
      </p>
      <LogFilters {...{ query, change }} refresh={lines.reload} />
      <PagedTable
        label="Logs"
        columns={['When', 'Process', 'Level', 'Line', 'Trace']}
        empty="No lines match."
        pages={lines}
      >
        {lines.items.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </PagedTable>
    </>
  );
}

interface LogFiltersProps {
  readonly query: Query;
  change(changes: Query): void;
  refresh(): void;
}

function LogFilters({ query, change, refresh }: LogFiltersProps) {
  const { process, level, text, traceId } = query;
  return (
    <FilterForm label="Filter logs" names={Object.keys(query)} {...{ query, change }}>
      <ChoiceFilter
        label="Process"
        value={process}
        options={useProcesses()}
        change={(value) => change({ process: value })}
      />
      <ChoiceFilter
        label="Level at least"
        value={level}
        options={LEVELS}
        change={(value) => change({ level: value })}
      />
      <TextFilter label="Text" value={text} change={(value) => change({ text: value })} />
      <TextFilter
        label="Trace id"
        value={traceId}
        change={(value) => change({ traceId: value.toLowerCase() })}
      />
      <button type="button" onClick={refresh}>
        Refresh
      </button>
    </FilterForm>
  );
}

function FieldValue({ name, value }: { name: string; value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (name === 'sagaId') return <a href={`#/sagas/${text}`}>{text}</a>;
  // A provider's accounts have no page here, and what they did has one.
  if (name === 'userId') return <a href={addressWith('#/audit', { by: text })}>{text}</a>;
  return <>{text}</>;
}

function Line({ line: { at, process, level, message, traceId, error, fields } }: { line: LogLine }) {
  return (
    <tr>
      <td class="time">{exactly(at)}</td>
      <td>{process}</td>
      <td>
        <span class={`badge ${BAD.has(level) ? 'bad' : level === 'warn' ? 'busy' : 'quiet'}`}>{level}</span>
      </td>
      <td class="log-line">
        <details>
          <summary>{message}</summary>
          {error !== null && <pre tabIndex={0}>{error}</pre>}
          <dl class="facts">
            {Object.entries(fields).map(([name, value]) => (
              <>
                <dt>{name}</dt>
                <dd class="id">
                  <FieldValue {...{ name, value }} />
                </dd>
              </>
            ))}
          </dl>
        </details>
      </td>
      <td>{traceId !== null && <a href={`#/traces/${traceId}`}>Trace</a>}</td>
    </tr>
  );
}
