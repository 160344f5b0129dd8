import { useState } from 'preact/hooks';
import { Badge } from '../shared/badge.tsx';
import { count, counted, duration, mebibytes, rate, rateOrUnknown } from '../shared/format.ts';
import type { Breaker, Topology } from '../shared/operator-api.ts';
import { Connections } from './connections.tsx';
import { Graphs } from './graphs.tsx';
import type { Outage } from './outages.ts';
import { type Placement, PlacementSection } from './placement.tsx';
import { ProcessActions } from './process-actions.tsx';
import { Standing } from './standing.tsx';
import { linksOf, type Reading } from './topology-graph.ts';
import { Tiles } from './tiles.tsx';
import { TopologyPicture } from './topology-picture.tsx';
import { type Activity, type Rates, useActivity } from './use-activity.ts';

type Process = Topology['processes'][number];
type ContextActivity = Activity['contexts'][number];

/** Which process hosts what, and what goes on there now. */
export function OverviewPage() {
  const [isOn, setOn] = useState(true);
  const { topology, activity, history, outages, error } = useActivity(isOn);
  const isStale = error !== undefined;
  const rates = isStale ? undefined : history.at(-1);
  return (
    <>
      <h1 tabIndex={-1}>Topology{topology ? `: ${topology.topology}` : ''}</h1>
      <div class="row centred">
        <label class="check">
          <input
            type="checkbox"
            checked={isOn}
            onChange={({ currentTarget }) => setOn(currentTarget.checked)}
          />
          Live
        </label>
        {topology && (
          <span>
            instances by {topology.discovery.source} <Badge state={topology.discovery.registry} />
          </span>
        )}
      </div>
      <Standing {...{ topology, outages, error }} readAt={activity?.at} />
      {activity && topology && (
        <>
          <Tiles {...{ activity, isStale }} latest={rates} edge={edgeOf(topology)} />
          <LiveMap {...{ topology, activity, rates, isStale, outages }} />
        </>
      )}
      <Graphs saidAbove={error} />
      {topology && <PlacementSection placement={topology.placement} />}
      <h2>Processes</h2>
      {topology && (
        <ul class={topology.processes.length === 1 ? 'processes whole' : 'processes'}>
          {topology.processes.map((process) => (
            <ProcessCard
              key={process.name}
              {...{ process, activity, history }}
              placement={topology.placement}
            />
          ))}
        </ul>
      )}
    </>
  );
}

/** The picture, and the connections of the context that was chosen in it. */
function LiveMap({ outages, ...reading }: Reading & { readonly outages: readonly Outage[] }) {
  const [chosen, choose] = useState<string>();
  const links = linksOf(reading);
  return (
    <>
      <TopologyPicture {...reading} {...{ links, outages, chosen, choose }} />
      <Connections links={links} chosen={chosen} showAll={() => choose(undefined)} />
    </>
  );
}

/** Where clients come in: the requests that it passes on to others are the same ones. */
function edgeOf({ processes }: Topology): string {
  return processes.find(({ hosts }) => hosts.includes('gateway'))?.name ?? '';
}

interface ProcessCardProps {
  readonly process: Process;
  readonly activity: Activity | undefined;
  readonly history: readonly Rates[];
  readonly placement: Placement | null;
}

function ProcessCard({
  process: { name, hosts, instances, isStale, breakers },
  activity,
  history,
  placement,
}: ProcessCardProps) {
  const contexts = (activity?.contexts ?? []).filter((context) => hosts.includes(context.name));
  const known = activity?.processes.find((process) => process.name === name)?.instances ?? [];
  return (
    <li class="card process">
      <header>
        <h3>{name}</h3>
        <span>{isStale && <Badge state="known from before" />}</span>
      </header>
      {instances.map(({ id, state }) => {
        const instance = known.find((one) => one.id === id);
        return (
          <p class="where" key={id}>
            <code>{id}</code> <Badge state={conditionOfInstance(state, instance)} />{' '}
            <span class="vitals">{vitals(instance)}</span>
          </p>
        );
      })}
      <p class="where">{rateOrUnknown(history.at(-1)?.requests.get(name))} requests/s over HTTP</p>
      {hosts.includes('gateway') && hosts.length === 1 && <p class="where">the edge: what clients talk to</p>}
      <ul class="contexts">
        {contexts.map((context) => (
          <ContextRow key={context.name} context={context} history={history} />
        ))}
      </ul>
      <Breakers breakers={breakers} />
      {placement && <ProcessActions placement={placement} name={name} />}
    </li>
  );
}

type Vitals = Activity['processes'][number]['instances'][number];

/** Whether it gets requests, as long as it responds to the gateway at all. */
function conditionOfInstance(state: string, instance: Vitals | undefined): string {
  if (!instance) return 'unknown';
  return instance.isKnown ? state : 'not responding';
}

function vitals(instance: Vitals | undefined): string {
  if (!instance) return '';
  const { isKnown, upSeconds, residentBytes } = instance;
  if (!isKnown) return 'no metrics';
  const memory = residentBytes === null ? '' : `, ${mebibytes(residentBytes)}`;
  return `up for ${duration(upSeconds ?? 0)}${memory}`;
}

function ContextRow({ context, history }: { context: ContextActivity; history: readonly Rates[] }) {
  const { name, outboxEvents, outboxLagSeconds, deadLetters, unfinishedSagas } = context;
  const calls = history.map((rates) => rates.calls.get(name) ?? 0);
  const failed = history.at(-1)?.failedCalls.get(name) ?? 0;
  return (
    <li>
      <strong>{name}</strong>
      <Sparkline values={calls} />
      <p class="figures">
        {rate(calls.at(-1) ?? 0)} calls/s, {failed > 0 && <span class="bad">{rate(failed)} failed/s, </span>}
        {outboxEvents === null ? 'outbox unknown' : `${counted(outboxEvents, 'event')} waiting`}
        {outboxEvents ? ` for ${duration(outboxLagSeconds ?? 0)}` : ''}
        {unfinishedSagas ? `, ${counted(unfinishedSagas, 'saga')} under way` : ''}
        {deadLetters ? (
          <>
            , <a href="#/dead-letters">{counted(deadLetters, 'dead letter')}</a>
          </>
        ) : (
          ''
        )}
      </p>
    </li>
  );
}

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 20;

/** The last two minutes; the text beside it says the latest value. */
function Sparkline({ values }: { values: readonly number[] }) {
  const highest = Math.max(1, ...values);
  const points = values.map((value, index) => {
    const x = SPARK_WIDTH - (values.length - 1 - index);
    return `${x},${SPARK_HEIGHT - 1 - (value / highest) * (SPARK_HEIGHT - 2)}`;
  });
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}

/** Those that hold something back are seen at once, the others when somebody asks. */
function Breakers({ breakers }: { breakers: Process['breakers'] }) {
  if (breakers === null) return <p class="where">The states of its breakers are unknown.</p>;
  if (breakers.length === 0) return null;
  const holding = breakers.filter(({ state }) => state !== 'closed');
  return (
    <>
      <BreakerList breakers={holding} />
      <details class="where">
        <summary>
          {counted(breakers.length, 'breaker')},{' '}
          {holding.length === 0 ? 'all closed' : `${count(holding.length)} not closed`}
        </summary>
        <BreakerList breakers={breakers} />
      </details>
    </>
  );
}

function BreakerList({ breakers }: { breakers: readonly Breaker[] }) {
  if (breakers.length === 0) return null;
  return (
    <ul class="breakers">
      {breakers.map(({ target, state, inFlight }) => (
        <li key={target}>
          {labelOf(target)} <Badge state={state} />
          {inFlight > 0 ? ` ${count(inFlight)} under way` : ''}
        </li>
      ))}
    </ul>
  );
}

const PASSED_ON = '-http';

const labelOf = (target: string): string =>
  target.endsWith(PASSED_ON) ? `requests to ${target.slice(0, -PASSED_ON.length)}` : `calls to ${target}`;
