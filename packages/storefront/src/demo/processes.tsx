import type { Resource } from '@fissile/client';
import { Fault, messageOf, useEvery, useLoaded } from '@fissile/console';
import { useState } from 'preact/hooks';
import { shop } from './shop.ts';

const READ_EVERY_MS = 1_000;

type Process = NonNullable<Resource<'Topology'>['placement']>['processes'][number];
type Change =
  { action: 'kill' | 'stop' | 'start'; process: string } | { action: 'move'; context: string; to: string };

/** Kills processes, and has payments away for as long as one likes. */
export function Processes() {
  const [fault, setFault] = useState<string>();
  const { value, reload } = useLoaded(() => shop.get('/api/admin/topology'), []);
  useEvery(READ_EVERY_MS, reload);
  const ask = (body: Change): void => {
    setFault(undefined);
    shop
      .post('/api/admin/topology/changes', { body })
      .catch((error: unknown) => setFault(messageOf(error)))
      .finally(reload);
  };
  const processes = value?.placement?.processes ?? [];
  const others = processes.filter(({ hosts }) => !hosts.includes('gateway'));
  return (
    <section class="card" aria-labelledby="processes">
      <h2 id="processes">Processes</h2>
      <Fault text={fault} />
      <Payments processes={processes} ask={ask} />
      <div class="actions">
        {others.map(({ name, pids }) => (
          <button
            key={name}
            type="button"
            class="danger"
            onClick={() => ask({ action: 'kill', process: name })}
          >
            Kill {name} {pids.length > 0 && `(${pids.join(', ')})`}
          </button>
        ))}
      </div>
      {value && others.length === 0 && (
        <p class="hint">
          All contexts are in one process, which answers this page too. Give one a process of its own to kill
          it.
        </p>
      )}
    </section>
  );
}

function Payments({ processes, ask }: { processes: readonly Process[]; ask(change: Change): void }) {
  const process = processes.find(({ hosts }) => hosts.includes('payments'));
  if (!process) return null;
  const { name, hosts, state } = process;
  const [text, change]: [string, Change] =
    hosts.length > 1
      ? ['Give payments a process of their own', { action: 'move', context: 'payments', to: 'own' }]
      : state === 'stopped'
        ? ['Resume payments', { action: 'start', process: name }]
        : ['Pause payments', { action: 'stop', process: name }];
  return (
    <p>
      <button type="button" onClick={() => ask(change)}>
        {text}
      </button>
    </p>
  );
}
