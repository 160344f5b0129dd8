import { Fragment } from 'preact';
import { Badge } from './badge.tsx';
import { duration } from './format.ts';
import { ScrollTable } from './scroll-table.tsx';

/** An attempt of a step, as operators see it or others. */
export interface TimelineStep {
  readonly name: string;
  readonly kind: string;
  readonly attempt: number;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: string | null;
  /** Where there may be steps of several. */
  readonly saga?: string;
  readonly sagaId?: string;
  /** For operators. */
  readonly errorMessage?: string | null;
  readonly input?: string | null;
  readonly output?: string | null;
}

export const startOf = ({ startedAt }: TimelineStep): number => new Date(startedAt).getTime();
export const endOf = ({ endedAt }: TimelineStep): number =>
  endedAt === null ? Date.now() : new Date(endedAt).getTime();

const COLUMNS = ['Step', 'Way', 'Attempt', 'State', 'Took', 'Error'];

/** What the picture of a timeline shows, and what each step was given and gave. */
export function StepTable({ steps }: { steps: readonly TimelineStep[] }) {
  return (
    <ScrollTable label="Steps" columns={COLUMNS} isWide={false}>
      {steps.map((step) => (
        <Fragment key={`${step.sagaId} ${step.kind} ${step.name} ${step.attempt}`}>
          <Row step={step} />
          {(step.input || step.output) && <Values step={step} />}
        </Fragment>
      ))}
    </ScrollTable>
  );
}

function Row({ step }: { step: TimelineStep }) {
  const { name, kind, attempt, status, endedAt, error, errorMessage } = step;
  return (
    <tr>
      <th scope="row" class="step">
        {name}
      </th>
      <td>{kind === 'do' ? 'do' : 'take back'}</td>
      <td>{attempt}</td>
      <td>
        <Badge state={status} />
      </td>
      <td class="time">{endedAt === null ? 'under way' : duration((endOf(step) - startOf(step)) / 1000)}</td>
      <td>
        {error ?? ''}
        {errorMessage ? `: ${errorMessage}` : ''}
      </td>
    </tr>
  );
}

function Values({ step: { name, input, output } }: { step: TimelineStep }) {
  return (
    <tr class="values">
      <td colSpan={COLUMNS.length}>
        <details>
          <summary>
            Input{output ? ' and output' : ''} of {name}
          </summary>
          <Value name="Input" text={input} />
          <Value name="Output" text={output} />
        </details>
      </td>
    </tr>
  );
}

function Value({ name, text }: { name: string; text: string | null | undefined }) {
  if (!text) return null;
  return (
    <>
      <h3>{name}</h3>
      <pre tabIndex={0} aria-label={name} role="group">
        {text}
      </pre>
    </>
  );
}
