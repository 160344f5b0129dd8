import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Badge } from './badge.tsx';
import { duration } from './format.ts';
import type { SagaDetails } from './operator-api.ts';

type Timeline = Pick<SagaDetails, 'steps' | 'status'>;
type Step = Timeline['steps'][number];

/** Narrower, it scrolls. */
const SMALLEST_WIDTH = 560;
const PADDING = 16;
const LABELS = 190;
const ROW = 30;
const BAR = 16;
const SMALLEST_BAR = 4;
const AXIS = 24;
const TICKS = 4;

const startOf = ({ startedAt }: Step): number => new Date(startedAt).getTime();
const endOf = ({ endedAt }: Step): number => (endedAt === null ? Date.now() : new Date(endedAt).getTime());

/** The attempts of a saga's steps over time, as a picture and as a table with the same content. */
export function TimelinePicture({ steps, status }: Timeline) {
  const [frame, width] = useInnerWidth(steps.length > 0);
  if (steps.length === 0) return <p>Nothing has been done yet.</p>;
  return (
    <>
      <p>
        The saga is <Badge state={status} />. → marks a step, ← one that takes a step back.
      </p>
      <div class="picture" ref={frame} tabIndex={0} role="group" aria-label="Timeline, scrolls sideways">
        <Chart steps={steps} width={width} />
      </div>
      <StepTable steps={steps} />
    </>
  );
}

/** As wide as there is room for: stretched, its letters would grow with it. */
function useInnerWidth(isShown: boolean) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(SMALLEST_WIDTH);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = (): void => setWidth(Math.max(SMALLEST_WIDTH, element.clientWidth - 2 * PADDING));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [isShown]);
  return [frame, width] as const;
}

function Chart({ steps, width }: { steps: readonly Step[]; width: number }) {
  const from = Math.min(...steps.map(startOf));
  const span = Math.max(1, Math.max(...steps.map(endOf)) - from);
  const height = steps.length * ROW + AXIS;
  const x = (at: number): number => LABELS + ((at - from) / span) * (width - LABELS - 8);
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => (span * index) / TICKS);
  return (
    <svg {...{ width, height }} viewBox={`0 0 ${width} ${height}`} class="timeline" aria-hidden="true">
      {ticks.map((ms) => (
        <g key={ms}>
          <line x1={x(from + ms)} x2={x(from + ms)} y1={0} y2={height - AXIS} class="grid" />
          <text
            x={x(from + ms)}
            y={height - 8}
            text-anchor={ms === 0 ? 'start' : ms === span ? 'end' : 'middle'}
          >
            {duration(ms / 1000)}
          </text>
        </g>
      ))}
      {steps.map((step, index) => (
        <Row
          key={`${step.kind} ${step.name} ${step.attempt}`}
          step={step}
          y={index * ROW}
          x={x}
          end={width - 8}
        />
      ))}
    </svg>
  );
}

interface RowProps {
  readonly step: Step;
  readonly y: number;
  /** Where the picture ends on the right. */
  readonly end: number;
  x(at: number): number;
}

function Row({ step, y, x, end }: RowProps) {
  const left = x(startOf(step));
  const length = Math.max(SMALLEST_BAR, x(endOf(step)) - left);
  const arrow = step.kind === 'do' ? '→' : '←';
  return (
    <g>
      <text x={0} y={y + ROW / 2 + 5} class="label">
        {arrow} {step.name}
        {step.attempt > 1 ? ` (${step.attempt})` : ''}
      </text>
      <rect
        x={Math.min(left, end - length)}
        y={y + (ROW - BAR) / 2}
        width={length}
        height={BAR}
        rx={4}
        class={step.status === 'failed' ? 'failed' : step.kind}
      />
    </g>
  );
}

function StepTable({ steps }: { steps: readonly Step[] }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Steps">
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Way</th>
            <th scope="col">Attempt</th>
            <th scope="col">State</th>
            <th scope="col">Took</th>
            <th scope="col">Error</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={`${step.kind} ${step.name} ${step.attempt}`}>
              <th scope="row" class="step">
                {step.name}
              </th>
              <td>{step.kind === 'do' ? 'do' : 'take back'}</td>
              <td>{step.attempt}</td>
              <td>
                <Badge state={step.status} />
              </td>
              <td class="time">
                {step.endedAt === null ? 'under way' : duration((endOf(step) - startOf(step)) / 1000)}
              </td>
              <td>{step.error ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
