import { Badge } from '../shared/badge.tsx';
import { SureButton } from '../shared/sure-button.tsx';
import { EDGE } from './topology-graph.ts';
import { isChanging, type Placement, type PlacedProcess } from './placement.tsx';
import { useTopologyChange } from './use-topology-change.ts';

/** How a process of this machine is, and the buttons that restart, stop, start and scale it. */
export function ProcessActions({ placement, name }: { placement: Placement; name: string }) {
  const process = placement.processes.find((one) => one.name === name);
  if (!process) return null;
  const { pids, state, hosts } = process;
  return (
    <>
      <p class="where">
        {state !== 'running' && <Badge state={state} />}
        {pids.length > 0 && ` process id ${pids.join(', ')}`}
      </p>
      {/* The process with the product's port answers this page. */}
      {!isChanging(placement) && !hosts.includes(EDGE) && <Buttons process={process} />}
    </>
  );
}

function Buttons({ process: { name, state, pids } }: { process: PlacedProcess }) {
  const ask = useTopologyChange();
  if (state === 'stopped') {
    const start = () => ask({ action: 'start', process: name }, `${name} is starting.`);
    return (
      <button type="button" onClick={start}>
        Start {name}
      </button>
    );
  }
  const scale = (instances: number) =>
    ask({ action: 'scale', process: name, instances }, `${name} is to have ${instances}.`);
  return (
    <div class="actions">
      <button
        type="button"
        onClick={() => ask({ action: 'restart', process: name }, `${name} is restarting.`)}
      >
        Restart {name}
      </button>
      <SureButton
        label={`Stop ${name}`}
        question={`Stop ${name}: what it hosts is away`}
        act={() => ask({ action: 'stop', process: name }, `${name} is stopping.`)}
      />
      <button type="button" onClick={() => scale(pids.length + 1)}>
        Add an instance of {name}
      </button>
      {pids.length > 1 && (
        <button type="button" onClick={() => scale(pids.length - 1)}>
          Remove an instance of {name}
        </button>
      )}
    </div>
  );
}
