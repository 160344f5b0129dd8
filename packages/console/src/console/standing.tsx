import type { ComponentChildren } from 'preact';
import { duration } from '../shared/format.ts';
import { textOfMissing } from '../shared/missing-contexts.ts';
import type { Topology } from '../shared/operator-api.ts';
import { Time } from '../shared/time.tsx';
import type { Outage } from './outages.ts';

interface StandingProps {
  readonly topology: Topology | undefined;
  readonly outages: readonly Outage[];
  /** Why the last reading failed. */
  readonly error: string | undefined;
  /** When the last one succeeded. */
  readonly readAt: string | undefined;
}

/** Whether everything serves, in a line that is always there: what breaks does not move what is below. */
export function Standing({ topology, outages, error, readAt }: StandingProps) {
  const faults = faultsOf({ topology, outages, error, readAt });
  const back = outages.filter(({ endedAt }) => endedAt !== undefined);
  return (
    <div class="standing">
      <div role="alert">
        {faults.map((fault, index) => (
          <p class="fault" key={index}>
            {fault}
          </p>
        ))}
      </div>
      {!error && back.map((outage) => <Recovered key={outage.process} outage={outage} />)}
      {faults.length === 0 && back.length === 0 && topology && (
        <p class="fine">{textOfAll(topology.processes.length)}</p>
      )}
    </div>
  );
}

const textOfAll = (processes: number): string =>
  processes === 1 ? 'The process serves.' : `All ${processes} processes serve.`;

function faultsOf({ topology, outages, error, readAt }: StandingProps): ComponentChildren[] {
  if (error)
    return [
      <>
        {error}{' '}
        {readAt && (
          <>
            What is below is from <Time at={readAt} clock />.
          </>
        )}
      </>,
    ];
  const down = outages.filter(({ endedAt }) => endedAt === undefined);
  const isDown = new Set(down.flatMap(({ hosts }) => hosts));
  const missing = textOfMissing(
    'Without live figures',
    topology?.missing.filter(({ context }) => !isDown.has(context)),
  );
  return [...down.map((outage) => <Down outage={outage} />), ...(missing ? [missing] : [])];
}

function Down({ outage: { process, hosts, since, outlook } }: { outage: Outage }) {
  return (
    <>
      <strong>{process} down</strong> since <Time at={since} clock />
      {outlook && `, ${outlook}`}
      {hosts.join() !== process && `: ${hosts.join(', ')} cannot be reached`}
    </>
  );
}

function Recovered({ outage: { process, since, endedAt = since } }: { outage: Outage }) {
  const seconds = Math.max(0, (Date.parse(endedAt) - Date.parse(since)) / 1000);
  return (
    <p class="fine">
      {process} serves again, {duration(seconds)} after it went down at <Time at={since} clock />.
    </p>
  );
}
