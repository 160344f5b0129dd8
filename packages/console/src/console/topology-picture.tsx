import { useMemo } from 'preact/hooks';
import { clockTime, counted, rate } from '../shared/format.ts';
import type { Topology } from '../shared/operator-api.ts';
import { type Condition, conditionOf } from './condition.ts';
import type { Outage } from './outages.ts';
import { EDGE, idOf, labelOf, type Link, type Reading, sentenceOf } from './topology-graph.ts';
import { useNarrow } from '../shared/use-narrow.ts';
import { layOutColumn } from './topology-column.ts';
import { type Box, LABEL, layOut, type Layout, type Structure } from './topology-layout.ts';

interface PictureProps extends Reading {
  readonly links: readonly Link[];
  readonly outages: readonly Outage[];
  readonly chosen: string | undefined;
  choose(context: string | undefined): void;
}

/** Processes as frames, contexts in them, and what goes between them. The table of connections says the same. */
export function TopologyPicture(props: PictureProps) {
  const { topology, links } = props;
  const structure: Structure = {
    processes: topology.processes.map(({ name, hosts }) => ({ name, hosts })),
    lines: links.map((link) => ({ id: idOf(link), from: link.from, to: link.to })),
  };
  const isNarrow = useNarrow();
  const drawn = useMemo(
    () => (isNarrow ? layOutColumn(structure) : layOut(structure)),
    [isNarrow, JSON.stringify(structure)],
  );
  return (
    <figure class="map">
      <div class="picture" tabIndex={0} role="group" aria-label="The picture, scrolls sideways">
        <Drawing {...props} drawn={drawn} isNarrow={isNarrow} />
      </div>
      <figcaption>
        <Legend hasBreakers={links.some(({ breaker }) => breaker !== undefined)} />
      </figcaption>
    </figure>
  );
}

interface DrawingProps extends PictureProps {
  readonly drawn: Layout;
  readonly isNarrow: boolean;
}

function Drawing({ isNarrow, links, outages, chosen, choose, drawn, ...reading }: DrawingProps) {
  const { topology } = reading;
  const isDimmed = ({ from, to }: Link): boolean => chosen !== undefined && from !== chosen && to !== chosen;
  // There is no room for all of them; the table has them.
  const isSaid = (link: Link): boolean => (chosen === undefined ? isTroubled(link) : !isDimmed(link));
  return (
    <svg
      class={isNarrow ? 'topology column' : 'topology'}
      viewBox={`0 0 ${drawn.width} ${drawn.height}`}
      style={{ maxWidth: `${drawn.width}px` }}
      role="group"
      aria-label={`Topology ${topology.topology}`}
    >
      <Arrows />
      {topology.processes.map((process) => (
        <Frame
          key={process.name}
          name={process.name}
          box={drawn.frames.get(process.name) as Box}
          condition={conditionIn(reading, process)}
          where={whereIs(topology, process)}
        />
      ))}
      {links.map((link) => (
        <Line key={idOf(link)} link={link} isDimmed={isDimmed(link)} drawn={drawn} />
      ))}
      {(isNarrow ? links.filter(isSaid) : links).map((link) => (
        <LineLabel key={idOf(link)} link={link} isDimmed={isDimmed(link)} drawn={drawn} />
      ))}
      {[...drawn.nodes].map(([name, box]) => (
        <Node
          key={name}
          name={name}
          box={box}
          {...saidOf(name, reading, outageOf(name, outages))}
          isChosen={name === chosen}
          onChoose={() => choose(name === chosen ? undefined : name)}
        />
      ))}
    </svg>
  );
}

function conditionIn(
  { topology, activity, isStale }: Reading,
  process: Topology['processes'][number],
): Condition {
  if (isStale) return { text: 'unknown', tone: 'quiet' };
  return conditionOf(
    process,
    activity.processes.find(({ name }) => name === process.name),
    topology.placement?.processes.find(({ name }) => name === process.name),
  );
}

/** By the ids of its processes where they run on this machine, else by its addresses. */
function whereIs({ placement }: Topology, { name, instances }: Topology['processes'][number]): string {
  const placed = placement?.processes.find((one) => one.name === name);
  if (!placed) return instances.map(({ id }) => id).join(', ');
  return placed.pids.length === 0 ? 'no process' : `pid ${placed.pids.join(', ')}`;
}

const outageOf = (context: string, outages: readonly Outage[]): Outage | undefined =>
  outages.find(({ hosts, endedAt }) => endedAt === undefined && hosts.includes(context));

function Arrows() {
  return (
    <defs>
      {['requests', 'calls', 'events', 'busy', 'bad'].map((tone) => (
        <Arrow key={tone} tone={tone} />
      ))}
    </defs>
  );
}

function Arrow({ tone }: { tone: string }) {
  return (
    <marker id={`arrow-${tone}`} class={tone} {...{ viewBox: '0 0 8 8', refX: 7, refY: 4 }} {...ARROW}>
      <path d="M0,0.5 L7.5,4 L0,7.5 z" />
    </marker>
  );
}

const ARROW = { markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto' } as const;

interface FrameProps {
  readonly name: string;
  readonly box: Box;
  readonly condition: Condition;
  readonly where: string;
}

function Frame({ name, box: { x, y, width, height }, condition: { text, tone }, where }: FrameProps) {
  return (
    <g class={`frame ${tone === 'bad' ? 'down' : ''}`}>
      <rect {...{ x, y, width, height }} rx={12} />
      <text x={x + 14} y={y + 22}>
        {name}
      </text>
      <text x={x + width - 14} y={y + 22} text-anchor="end" class={tone}>
        {text}
      </text>
      <text x={x + 14} y={y + height - 10} class="pid">
        {where}
      </text>
    </g>
  );
}

interface LineProps {
  readonly link: Link;
  readonly isDimmed: boolean;
  readonly drawn: Layout;
}

function toneOf({ breaker, failedPerSecond, kind }: Link): string {
  if (breaker === 'open' || failedPerSecond) return 'bad';
  return breaker === 'half-open' ? 'busy' : kind;
}

const isTroubled = (link: Link): boolean => toneOf(link) !== link.kind;

function Line({ link, isDimmed, drawn }: LineProps) {
  const tone = toneOf(link);
  const isBusy = (link.perSecond ?? 0) > 0 || (link.waiting ?? 0) > 0;
  return (
    <path
      class={`line ${link.kind} ${tone} ${isDimmed ? 'dimmed' : isBusy ? 'moving' : ''}`}
      d={drawn.lines.get(idOf(link))?.path ?? ''}
      marker-end={`url(#arrow-${tone})`}
    />
  );
}

function LineLabel({ link, isDimmed, drawn }: LineProps) {
  const { x, y } = drawn.lines.get(idOf(link))?.label ?? { x: 0, y: 0 };
  const text = labelOf(link);
  // About as wide as the text: a line should be covered no further than that.
  const width = 14 + text.length * 6.8 + (link.breaker ? 14 : 0);
  return (
    <g class={`said ${toneOf(link)} ${isDimmed ? 'dimmed' : ''}`} role="img" aria-label={sentenceOf(link)}>
      <rect x={x - width / 2} y={y - LABEL.height / 2} width={width} height={LABEL.height} rx={6} />
      {link.breaker && <BreakerSign state={link.breaker} x={x - width / 2 + 11} y={y} />}
      <text x={x + (link.breaker ? 7 : 0)} y={y + 4} text-anchor="middle">
        {text}
      </text>
    </g>
  );
}

/** A switch in a circuit: a full disc lets through, a half one tries, an empty one with a stroke lets nothing through. */
function BreakerSign({ state, x, y }: { state: NonNullable<Link['breaker']>; x: number; y: number }) {
  return (
    <g class={`breaker ${state}`}>
      <circle cx={x} cy={y} r={4.5} />
      {state === 'half-open' && <path d={`M${x},${y - 4.5} a4.5,4.5 0 0 0 0,9 z`} />}
      {state === 'open' && <path d={`M${x - 3.2},${y + 3.2} L${x + 3.2},${y - 3.2}`} />}
    </g>
  );
}

const STATES = ['closed', 'half-open', 'open'] as const;

interface Said {
  readonly said: string;
  readonly isAlert: boolean;
  readonly isDown: boolean;
}

/** What a context is doing, the most urgent first. */
function saidOf(name: string, reading: Reading, outage: Outage | undefined): Said {
  if (reading.isStale) return { said: 'unknown', isAlert: false, isDown: false };
  if (outage) return { said: `since ${clockTime(outage.since)}`, isAlert: false, isDown: true };
  return { ...workOf(name, reading), isDown: false };
}

function workOf(name: string, { activity, rates }: Reading): Omit<Said, 'isDown'> {
  const context = activity.contexts.find((each) => each.name === name);
  if (context?.deadLetters) return { said: counted(context.deadLetters, 'dead letter'), isAlert: true };
  if (context?.unfinishedSagas) return { said: counted(context.unfinishedSagas, 'saga'), isAlert: false };
  if (name === EDGE) {
    const requests = [...(rates?.requestsTo.values() ?? [])].reduce<number>(
      (sum, each) => sum + (each ?? 0),
      0,
    );
    return { said: rates ? `${rate(requests)} requests/s` : '… requests/s', isAlert: false };
  }
  return { said: rates ? `${rate(rates.calls.get(name) ?? 0)} calls/s` : '… calls/s', isAlert: false };
}

interface NodeProps extends Said {
  readonly name: string;
  readonly box: Box;
  readonly isChosen: boolean;
  onChoose(): void;
}

function Node({ name, box: { x, y, width, height }, said, isAlert, isDown, isChosen, onChoose }: NodeProps) {
  return (
    <g
      class={`node ${isAlert ? 'alert' : ''} ${isDown ? 'down' : ''} ${isChosen ? 'chosen' : ''}`}
      role="button"
      tabindex={0}
      aria-pressed={isChosen}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose();
      }}
    >
      <rect {...{ x, y, width, height }} rx={9} />
      <text y={y + 23}>
        <tspan x={x + 14} class="name">
          {name}
        </tspan>{' '}
        <tspan x={x + 14} dy={18} class="does">
          {said}
        </tspan>
      </text>
    </g>
  );
}

function Legend({ hasBreakers }: { hasBreakers: boolean }) {
  return (
    <ul class="legend">
      {(['requests', 'calls', 'events'] as const).map((kind) => (
        <li key={kind}>
          <svg width="28" height="10" aria-hidden="true" class="topology">
            <path class={`line ${kind} moving`} d="M1,5 H27" />
          </svg>
          {kind === 'events' ? 'events, with those that wait' : `${kind} per second`}
        </li>
      ))}
      {(hasBreakers ? STATES : []).map((state) => (
        <li key={state}>
          <svg width="12" height="12" aria-hidden="true" class="topology">
            <BreakerSign state={state} x={6} y={6} />
          </svg>
          breaker {state}
        </li>
      ))}
    </ul>
  );
}
