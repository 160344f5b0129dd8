import { useState } from 'preact/hooks';
import { duration } from './format.ts';
import type { TraceSpan } from './operator-api.ts';
import { Time } from './time.tsx';
import './waterfall.css';
import { lengthOf, rowsOf, type WaterfallRow } from './waterfall-rows.ts';

/** So many colours there are; more processes share them. */
const TONES = 8;
/** A deeper one is shown like this, so that its name has room. */
const DEEPEST = 8;

interface WaterfallProps {
  readonly spans: readonly TraceSpan[];
  /** Where the console is, as seen from this page. */
  readonly consoleAt: '' | '/console';
}

/** The spans of a trace over time, in all processes. */
export function Waterfall({ spans, consoleAt }: WaterfallProps) {
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
            {...{ row, length, consoleAt }}
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
  readonly consoleAt: string;
}

function Row({ row: { span, depth }, length, tone, consoleAt }: RowProps) {
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
      {isOpen && <Details id={details} {...{ span, consoleAt }} />}
    </li>
  );
}

interface DetailsProps {
  readonly id: string;
  readonly span: TraceSpan;
  readonly consoleAt: string;
}

function Details({ id, span, consoleAt }: DetailsProps) {
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
            <a href={`${consoleAt}#/traces/${traceId}`}>{traceId}</a>
          </dd>
        </>
      ))}
      {Object.entries(attributes).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd class="id">
            {name === 'fissile.saga.id' ? (
              <a href={`${consoleAt}#/sagas/${String(value)}`}>{String(value)}</a>
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
