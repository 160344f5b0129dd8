import { Badge } from '../shared/badge.tsx';
import { count, duration, mebibytes, rate } from '../shared/format.ts';
import { Fault } from '../shared/notices.tsx';
import type { Advice } from '../shared/operator-api.ts';
import { ScrollTable } from '../shared/scroll-table.tsx';
import { Time } from '../shared/time.tsx';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { useSubmit } from '../shared/use-submit.ts';
import { product } from './product.ts';

const RENEW_EVERY_MS = 1_000;

/** For how many seconds the product is measured. */
const SPANS = [20, 60, 300];

type Run = NonNullable<Advice['run']>;
type Report = NonNullable<Advice['report']>;
type Prediction = Report['predictions'][number];

/** What each split or merge of processes would cost for the load of now, and what is advised. */
export function AdvicePage() {
  const { value, error, isLoading, reload } = useLoaded(() => product.get('/api/admin/advice'), []);
  const isUnderWay = value?.run?.endedAt === null;
  useEvery(
    RENEW_EVERY_MS,
    () => {
      if (!isLoading) reload();
    },
    isUnderWay,
  );
  return (
    <>
      <h1 tabIndex={-1}>Advice</h1>
      <p class="hint">
        What each split or merge of processes would cost for the load of now. It measures the product for a
        while, and then for 45 seconds what a call, a request and a process cost on the machine of the
        gateway, with three small processes that use one processor. It changes nothing.
      </p>
      <Fault text={error} />
      {value?.obstacle && <p class="empty">{value.obstacle}</p>}
      {value && !value.obstacle && <AskForm isUnderWay={isUnderWay} begun={reload} />}
      {value?.run && <RunLine run={value.run} ended={reload} />}
      {value?.report ? (
        <AdviceReport report={value.report} />
      ) : (
        value && !value.run && !value.obstacle && <p class="empty">Nothing has been measured yet.</p>
      )}
    </>
  );
}

function AskForm({ isUnderWay, begun }: { isUnderWay: boolean; begun(): void }) {
  const { fault, isBusy, submit } = useSubmit(async (fields) => {
    await product.post('/api/admin/advice', { body: { seconds: Number(fields.get('seconds')) } });
    begun();
  });
  return (
    <>
      <form class="row" onSubmit={submit}>
        <label>
          Measure the product for
          <select name="seconds">
            {SPANS.map((seconds) => (
              <option key={seconds} value={seconds}>
                {duration(seconds)}
              </option>
            ))}
          </select>
        </label>
        <button class="primary" disabled={isUnderWay || isBusy}>
          Measure
        </button>
      </form>
      <Fault text={fault} />
    </>
  );
}

function RunLine({ run: { startedAt, endedAt, step, error }, ended }: { run: Run; ended(): void }) {
  const { fault, submit } = useSubmit(async () => {
    await product.delete('/api/admin/advice');
    ended();
  });
  if (endedAt === null)
    return (
      <form class="row centred" onSubmit={submit}>
        <p role="status">
          Since <Time at={startedAt} clock />: <Badge state="running" /> {step}
        </p>
        <button>Cancel</button>
        <Fault text={fault} />
      </form>
    );
  return (
    <p class="where" role="status">
      Begun at <Time at={startedAt} clock />: <Badge state={error === null ? 'done' : 'failed'} /> {error}
    </p>
  );
}

function AdviceReport({ report: { measuredAt, measured, costs, predictions, advice } }: { report: Report }) {
  const now = predictions[0];
  const cpu = measured.processes.reduce((sum, process) => sum + process.cpu, 0);
  return (
    <>
      <h2>{headingOf(advice)}</h2>
      <p>
        {advice.reason} <a href="#/">Contexts move</a> while the product serves.
      </p>
      <ScrollTable
        label="Placements"
        columns={[
          'Placement',
          'CPU of a request',
          'Half within',
          'Memory',
          'To databases',
          'Between processes',
        ]}
        minor={['Memory', 'To databases', 'Between processes']}
      >
        {predictions.map((prediction) => (
          <PredictionRow
            key={prediction.label}
            {...{ prediction, now }}
            isAdvised={prediction.label === advice.label}
          />
        ))}
      </ScrollTable>
      <p class="hint">
        Measured at <Time at={measuredAt} clock /> for {duration(measured.seconds)}:{' '}
        {rate(measured.requestsPerSecond)} requests/s, {percent(cpu)} of a processor, in the topology{' '}
        {measured.topology}. {textOfCosts(costs)}
      </p>
      <h2>What changes</h2>
      <ul class="consequences">
        {predictions.map((prediction) => (
          <Consequences key={prediction.label} prediction={prediction} />
        ))}
      </ul>
    </>
  );
}

function headingOf({ change, label }: Report['advice']): string {
  if (change === 'merge') return `Merge: ${label}`;
  return change === 'none' ? 'Leave it as it is' : 'Run more instances';
}

interface RowProps {
  readonly prediction: Prediction;
  readonly now: Prediction | undefined;
  readonly isAdvised: boolean;
}

function PredictionRow({ prediction, now, isAdvised }: RowProps) {
  const { label, cpuMicros, medianMs, residentBytes, connections } = prediction;
  return (
    <tr>
      <th scope="row">
        {label} {isAdvised && <Badge state="advised" />}
      </th>
      <td class="time">
        {duration(cpuMicros / 1_000_000)} {now && now !== prediction && changeOf(cpuMicros, now.cpuMicros)}
      </td>
      <td class="time">{medianMs === null ? 'unknown' : duration(medianMs / 1_000)}</td>
      <td class="time">{mebibytes(residentBytes)}</td>
      <td class="time">{count(connections.database)}</td>
      <td class="time">{count(connections.processes)}</td>
    </tr>
  );
}

function Consequences({ prediction: { label, failures, gains } }: { prediction: Prediction }) {
  if (failures.length + gains.length === 0) return null;
  return (
    <li>
      <strong>{label}</strong>: {failures.length > 0 && `Can fail more: ${failures.join('; ')}. `}
      {gains.length > 0 && `Gained: ${gains.join('; ')}.`}
    </li>
  );
}

/** Of calls, at each rate that was measured, and of a process. */
function textOfCosts({ transport, calls, process }: Report['costs']): string {
  const texts = calls
    .toSorted((one, other) => one.perSecond - other.perSecond)
    .map(
      ({ perSecond, cpuMicros, latencyMs }) =>
        `${Math.round(cpuMicros)} µs of CPU and ${duration(latencyMs / 1_000)} at ${rate(perSecond)} a second`,
    );
  return `Here a call over ${transport} costs more than one within a process by ${texts.join(', ')}; a process costs ${mebibytes(process.residentBytes)} and ${percent(process.idleCpu)} of a processor.`;
}

function changeOf(value: number, now: number): string {
  const share = value / now - 1;
  return `(${share < 0 ? '−' : '+'}${percent(Math.abs(share))})`;
}

const percent = (share: number): string => `${rate(share * 100)} %`;
