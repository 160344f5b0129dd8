import { Badge } from '../shared/badge.tsx';
import { ChoiceFilter, FilterForm, TextFilter } from '../shared/filters.tsx';
import { count, duration } from '../shared/format.ts';
import { Fault } from '../shared/notices.tsx';
import type { Schedule } from '../shared/operator-api.ts';
import { ScrollTable } from '../shared/scroll-table.tsx';
import { Time } from '../shared/time.tsx';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { type Query, useQuery } from '../shared/use-query.ts';
import { product } from './product.ts';
import { textOfMissingProcesses } from './use-recent.ts';

const RENEW_EVERY_MS = 5_000;
const STATES = ['failed', 'running', 'done', 'waiting'];

/** What the processes do again and again in the background: when last, with what result, and when next. */
export function SchedulesPage() {
  const { value, error, isLoading, reload } = useLoaded(() => product.get('/api/admin/schedules'), []);
  const [query, change] = useQuery();
  useEvery(RENEW_EVERY_MS, () => {
    if (!isLoading) reload();
  });
  const all = value?.items ?? [];
  const shown = all.filter((schedule) => fits(schedule, query));
  return (
    <>
      <h1 tabIndex={-1}>Schedules</h1>
      <p class="hint">
        What each process does again and again: clean-ups, relays, polls. Some is woken before its time, such
        as by a commit.
      </p>
      <FilterForm label="Filter schedules" names={Object.keys(query)} {...{ query, change }}>
        <TextFilter label="Name" value={query['text']} change={(text) => change({ text })} />
        <ChoiceFilter
          label="Process"
          value={query['process']}
          options={[...new Set(all.map(({ process }) => process))].sort()}
          change={(process) => change({ process })}
        />
        <ChoiceFilter
          label="Result"
          value={query['state']}
          options={STATES}
          change={(state) => change({ state })}
        />
      </FilterForm>
      <Fault text={error ?? textOfMissingProcesses(value?.missing ?? [])} />
      <ScheduleTable schedules={shown} />
      {shown.length === 0 && !error && <p class="empty">{value ? 'Nothing matches.' : 'Loading…'}</p>}
    </>
  );
}

function fits({ name, process, state }: Schedule, query: Query): boolean {
  const { text = '', process: wantedProcess = process, state: wantedState = state } = query;
  return name.includes(text.toLowerCase()) && process === wantedProcess && state === wantedState;
}

function ScheduleTable({ schedules }: { schedules: readonly Schedule[] }) {
  return (
    <ScrollTable
      label="Schedules"
      columns={['What', 'Pause', 'Last', 'Result', 'Next']}
      minor={['Pause', 'Next']}
    >
      {schedules.map((schedule) => (
        <ScheduleRow key={`${schedule.instance} ${schedule.name}`} schedule={schedule} />
      ))}
    </ScrollTable>
  );
}

function ScheduleRow({ schedule }: { schedule: Schedule }) {
  const { name, process, instance, everySeconds, startedAt, nextAt } = schedule;
  return (
    <tr>
      <th scope="row">
        {name}{' '}
        <span class="hint together" title={instance}>
          in {process}
        </span>
      </th>
      <td class="time">{duration(everySeconds)}</td>
      <td class="time">{startedAt === null ? 'not yet' : <Time at={startedAt} clock />}</td>
      <td>
        <Result schedule={schedule} />
      </td>
      <td class="time">{nextAt === null ? 'now' : <Time at={nextAt} clock />}</td>
    </tr>
  );
}

function Result({
  schedule: { state, durationMs, error, succeededAt, runs, failures },
}: {
  schedule: Schedule;
}) {
  return (
    <>
      <Badge state={state} />{' '}
      {durationMs !== null && <span class="hint together">{duration(durationMs / 1_000)}</span>}
      {error !== null && (
        <p class="reason">
          {error}
          {succeededAt !== null && (
            <>
              ; it last succeeded at <Time at={succeededAt} clock />
            </>
          )}
        </p>
      )}
      {failures > 0 && (
        <p class="hint">
          {count(failures)} of {count(runs)} failed
        </p>
      )}
    </>
  );
}
