import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Badge } from './badge.tsx';
import { duration } from './format.ts';
import { endOf, startOf, StepTable, type TimelineStep } from './step-table.tsx';
import { Time } from './time.tsx';

interface Timeline {
  readonly steps: readonly TimelineStep[];
  readonly status: string;
}

/** Narrower, it scrolls. */
const SMALLEST_WIDTH = 560;
const PADDING = 16;
const LABELS = 190;
const ROW = 30;
const BAR = 16;
const SMALLEST_BAR = 4;
const AXIS = 24;
const TICKS = 4;

/** The attempts of the steps over time, as a picture and as a table with the same content. */
export function TimelinePicture({ steps, status }: Timeline) {
  const [frame, width] = useInnerWidth(steps.length > 0);
  if (steps.length === 0) return <p>Nothing has been done yet.</p>;
  const sagas = sagasIn(steps);
  return (
    <>
      <p>
        The saga is <Badge state={status} />.
      </p>
      <Legend />
      <div class="picture" ref={frame} tabIndex={0} role="group" aria-label="Timeline, scrolls sideways">
        {sagas.map((ofSaga, index) => (
          <figure key={index} class="axis">
            <figcaption>
              {sagas.length > 1 && ofSaga[0].saga !== undefined && `${ofSaga[0].saga}, `}
              begun <Time at={ofSaga[0].startedAt} />
            </figcaption>
            <Chart steps={ofSaga} width={width} />
          </figure>
        ))}
      </div>
      <StepTable steps={steps} />
    </>
  );
}

type Steps = readonly [TimelineStep, ...TimelineStep[]];

/** Each has an axis of its own: days may lie between an order of things and the one that takes it back. */
function sagasIn(steps: readonly TimelineStep[]): Steps[] {
  const ids = [...new Set(steps.map(({ sagaId }) => sagaId))];
  return ids.map((id) => steps.filter(({ sagaId }) => sagaId === id) as unknown as Steps);
}

const MEANINGS = [
  ['do', '→ a step'],
  ['undo', '← one that takes a step back'],
  ['failed', 'an attempt that failed'],
  ['running', 'under way, or waiting'],
] as const;

function Legend() {
  return (
    <ul class="legend">
      {MEANINGS.map(([kind, meaning]) => (
        <li key={kind}>
          <svg width="28" height="12" aria-hidden="true" class="timeline">
            <rect x="1" y="1" width="26" height="10" rx="4" class={kind} />
          </svg>
          {meaning}
        </li>
      ))}
    </ul>
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

function Chart({ steps, width }: { steps: Steps; width: number }) {
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
  readonly step: TimelineStep;
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
        class={step.status === 'done' ? step.kind : step.status}
      />
    </g>
  );
}
