import { Badge } from '../shared/badge.tsx';
import type { Topology } from '../shared/operator-api.ts';
import { ApplyTopology } from './apply-topology.tsx';
import { EDGE } from './topology-graph.ts';
import { useTopologyChange } from './use-topology-change.ts';

export type Placement = NonNullable<Topology['placement']>;
export type PlacedProcess = Placement['processes'][number];

/** Whether a change is under way: until its end, another one is refused. */
export function isChanging({ change }: Placement): boolean {
  return change !== null && change.endedAt === null;
}

/** Where each context is hosted, and the buttons that move it, while it serves. */
export function PlacementSection({ placement }: { placement: Topology['placement'] }) {
  const ask = useTopologyChange();
  if (!placement) return null;
  const { processes, change } = placement;
  const isUnderWay = isChanging(placement);
  return (
    <>
      <div class="row spread">
        <h2 id="placement">Placement</h2>
        <a href="#/advice">What a split or a merge would cost</a>
      </div>
      {change && (
        <ChangeLine
          change={change}
          rollBack={() => ask({ action: 'roll-back' }, 'It is being rolled back.')}
        />
      )}
      <ApplyTopology
        {...{ placement, isUnderWay }}
        apply={(topology) => ask({ action: 'apply', topology }, `${topology} is being applied.`)}
      />
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="placement">
        <table>
          <thead>
            <tr>
              <th scope="col">Context</th>
              <th scope="col">Hosted by</th>
              <th scope="col">Move</th>
            </tr>
          </thead>
          <tbody>
            {hostedIn(processes).map((hosted) => (
              <Row
                key={hosted.context}
                hosted={hosted}
                isUnderWay={isUnderWay}
                move={(to) =>
                  ask({ action: 'move', context: hosted.context, to }, `${hosted.context} is moving.`)
                }
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  readonly hosted: Hosted;
  readonly isUnderWay: boolean;
  move(to: string): void;
}

function Row({ hosted: { context, process, to }, isUnderWay, move }: RowProps) {
  return (
    <tr>
      <th scope="row">{context}</th>
      <td>
        {process.name} {process.state !== 'running' && <Badge state={process.state} />}
      </td>
      <td>
        {to && (
          <button type="button" disabled={isUnderWay} onClick={() => move(to.name)}>
            Move {context} to {to.text}
          </button>
        )}
      </td>
    </tr>
  );
}

function ChangeLine({ change, rollBack }: { change: NonNullable<Placement['change']>; rollBack(): void }) {
  const { what, stage, endedAt, error, waitingFor } = change;
  const isRollingBack = stage === 'rolling back' || stage === 'rolled back';
  return (
    <p class="where" role="status">
      {what}: <Badge state={stage} />
      {waitingFor.length > 0 && ` waiting for ${waitingFor.join(', ')}`}
      {error !== null && ` (${error})`}{' '}
      {endedAt === null && !isRollingBack && (
        <button type="button" onClick={rollBack}>
          Roll back
        </button>
      )}
    </p>
  );
}

interface Hosted {
  readonly context: string;
  readonly process: PlacedProcess;
  /** Where it can move; nowhere when it is alone in its process and the edge has not its code. */
  readonly to: { readonly name: string; readonly text: string } | undefined;
}

function hostedIn(processes: readonly PlacedProcess[]): Hosted[] {
  const edge = processes.find(({ hosts }) => hosts.includes(EDGE));
  return processes
    .flatMap((process) =>
      process.hosts.map((context) => ({ context, process, to: targetOf(context, process, edge) })),
    )
    .filter(({ context }) => context !== EDGE)
    .toSorted((one, other) => (one.context < other.context ? -1 : 1));
}

function targetOf(context: string, { hosts }: PlacedProcess, edge: PlacedProcess | undefined): Hosted['to'] {
  if (hosts.length > 1) return { name: 'own', text: 'a process of its own' };
  if (!edge?.standby.includes(context)) return undefined;
  return { name: edge.name, text: edge.name };
}
