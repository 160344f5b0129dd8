import { useState } from 'preact/hooks';
import { duration } from '../shared/format.ts';
import { Fault } from '../shared/notices.tsx';
import type { TraceSpan } from '../shared/operator-api.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { Time } from '../shared/time.tsx';
import { product } from './product.ts';
import { logsOf } from './traces.tsx';
import { textOfMissingProcesses } from './use-recent.ts';
import { lengthOf, rowsOf, type WaterfallRow } from './waterfall-rows.ts';

/** So many colours there are; more processes share them. */
const TONES = 8;
/** A deeper one is shown like this, so that its name has room. */
const DEEPEST = 8;

/** One trace: its spans in all processes over time. */
export function TracePage({ id }: { id: string }) {
  const { value, error, reload } = useLoaded(
    () => product.get('/api/admin/traces/{traceId}', { params: { path: { traceId: id } } }),
    [id],
  );
  const [root] = value?.spans ?? [];
  return (
    <>
      <p>
        <a href="#/traces">All traces</a>
      </p>
      <h1 tabIndex={-1}>Trace</h1>
      <Fault text={error ?? textOfMissingProcesses(value?.missing ?? [])} />
      <dl class="facts card">
        <dt>Id</dt>
        <dd class="id">{id}</dd>
        {value && root && (
          <>
            <dt>Began with</dt>
            <dd>{root.name}</dd>
            <dt>Begun</dt>
            <dd>
              <Time at={root.startedAt} />
            </dd>
            <dt>Took</dt>
            <dd>
              {duration(root.durationMs / 1000)}, all of it {duration(lengthOf(value.spans) / 1000)}
            </dd>
          </>
        )}
      </dl>
      <div class="row">
        <a href={logsOf(id)}>Its log lines</a>
        <button type="button" onClick={reload}>
          Refresh
        </button>
      </div>
      {value && <Waterfall spans={value.spans} />}
    </>
  );
}

function Waterfall({ spans }: { spans: readonly TraceSpan[] }) {
  const processes = [...new Set(spans.map(({ process }) => process))].sort();
  const toneOf = (process: string): string => `tone-${processes.indexOf(process) % TONES}`;
  const length = lengthOf(spans);
  return (
    <>
      <ul class="trace-legend" aria-label="Processes">
        {processes.map((process) => (
          <li key={process}>
            <span class={`swatch ${toneOf(process)}`} /> {process}
          </li>
        ))}
      </ul>
      <ol class="waterfall" aria-label="Spans">
        {rowsOf(spans).map((row) => (
          <Row
            key={`${row.span.process} ${row.span.spanId}`}
            {...{ row, length }}
            tone={toneOf(row.span.process)}
          />
        ))}
      </ol>
    </>
  );
}

interface RowProps {
  readonly row: WaterfallRow;
  /** Of the whole trace, in milliseconds. */
  readonly length: number;
  readonly tone: string;
}

function Row({ row: { span, depth }, length, tone }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const { spanId, name, process, offsetMs, durationMs, failed } = span;
  const details = `span-${spanId}`;
  return (
    <li>
      <button
        type="button"
        class="span"
        aria-expanded={isOpen}
        aria-controls={isOpen ? details : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="name" style={{ paddingInlineStart: `${Math.min(depth, DEEPEST) * 0.75}rem` }}>
          {failed && <span class="failed">✕ failed </span>}
          {name}
          <span class="hidden"> in {process}</span>
        </span>
        <span class="track" aria-hidden="true">
          <span
            class={`bar ${failed ? 'failed' : tone}`}
            style={{ insetInlineStart: percent(offsetMs, length), width: percent(durationMs, length) }}
          />
        </span>
        <span class="took">{duration(durationMs / 1000)}</span>
      </button>
      {isOpen && <Details id={details} span={span} />}
    </li>
  );
}

function Details({ id, span }: { id: string; span: TraceSpan }) {
  const { process, kind, startedAt, offsetMs, attributes, linkedTraceIds } = span;
  return (
    <dl id={id} class="facts card">
      <dt>Process</dt>
      <dd>{process}</dd>
      <dt>Kind</dt>
      <dd>{kind}</dd>
      <dt>Begun</dt>
      <dd>
        <Time at={startedAt} />, after {duration(offsetMs / 1000)}
      </dd>
      {linkedTraceIds.map((traceId) => (
        <>
          <dt>Linked to</dt>
          <dd class="id">
            <a href={`#/traces/${traceId}`}>{traceId}</a>
          </dd>
        </>
      ))}
      {Object.entries(attributes).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd class="id">
            {name === 'fissile.saga.id' ? (
              <a href={`#/sagas/${String(value)}`}>{String(value)}</a>
            ) : (
              String(value)
            )}
          </dd>
        </>
      ))}
    </dl>
  );
}

const percent = (part: number, whole: number): string => `${Math.max(0, (part / whole) * 100)}%`;
