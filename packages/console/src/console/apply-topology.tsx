import { useState } from 'preact/hooks';
import type { Topology } from '../shared/operator-api.ts';
import { SureButton } from '../shared/sure-button.tsx';

interface ApplyTopologyProps {
  readonly placement: Pick<NonNullable<Topology['placement']>, 'topologies' | 'applied'>;
  readonly isUnderWay: boolean;
  apply(topology: string): void;
}

/** Moves contexts until the processes are those of a topology. There is nothing to see where none can be applied. */
export function ApplyTopology({ placement: { topologies, applied }, isUnderWay, apply }: ApplyTopologyProps) {
  const [chosen, choose] = useState('');
  const others = topologies.filter((name) => name !== applied);
  // What was chosen may be applied by now, or may be none any more.
  const topology = others.find((name) => name === chosen) ?? others[0];
  if (topology === undefined) return null;
  return (
    <div class="row">
      <label>
        Apply a topology
        <select value={topology} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {applied !== null && <option disabled>{applied} (as it is now)</option>}
          {others.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <SureButton
        // Another topology is another question.
        key={topology}
        label={`Apply ${topology}`}
        question={`Apply ${topology}: processes start and stop`}
        style="primary"
        isDisabled={isUnderWay}
        act={() => apply(topology)}
      />
    </div>
  );
}
