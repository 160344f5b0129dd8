import { ProjectCopy } from '../harness/project-copy.js';

/** A bug in the product that the faults must detect, and the fault that does. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A part of the name of the fault. */
  readonly fault: string;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'no relay',
    file: 'libs/messaging/outbox/outbox-relay.ts',
    from: '    this.loop.start();',
    to: '',
    fault: 'connections cut',
  },
  {
    name: 'acknowledged before it is handled',
    file: 'libs/messaging/buses/local-event-bus.ts',
    from: 'await Promise.all(interested',
    to: 'void Promise.allSettled(interested',
    fault: 'connections cut',
  },
  {
    name: 'undone in forward order',
    file: 'libs/saga/engine/compensate-saga.ts',
    from: 'const step = progress.definition.steps[position];',
    to: `const failedAt = progress.definition.steps.findIndex(({ name }) => name === known?.step);
  const step = position < 0 ? undefined : progress.definition.steps[failedAt - position];`,
    fault: 'connections cut',
  },
  {
    name: 'no inbox',
    file: 'libs/messaging/inbox/waiting-events.ts',
    from: 'fresh: ids(false)',
    to: 'fresh: new Set(deliveries.map(({ event }) => event.id))',
    fault: 'answers to commits lost',
  },
  {
    name: 'stock taken without a condition',
    file: 'apps/inventory/src/data/reservation-repository.ts',
    from: ' AND stock.on_hand - stock.reserved >= locked.quantity',
    to: '',
    fault: 'answers to commits lost',
  },
  {
    name: 'a lease without fencing',
    file: 'libs/saga/store/saga-store.ts',
    from: 'WHERE sagas.id = saga.id AND sagas.fence = saga.fence\n',
    to: 'WHERE sagas.id = saga.id\n',
    fault: 'answers to commits lost',
  },
];

/** Plants each bug in a copy of the project, and returns the names of those that the faults did not detect. */
export async function plantBugs(seed: number): Promise<string[]> {
  const missed: string[] = [];
  for (const bug of PLANTED_BUGS) {
    const found = await isFound(bug, seed);
    console.log(`  ${found ? 'found   ' : 'NOT FOUND'} ${bug.name} (${bug.fault})`);
    if (!found) missed.push(bug.name);
  }
  return missed;
}

async function isFound({ file, from, to, fault }: PlantedBug, seed: number): Promise<boolean> {
  const copy = new ProjectCopy();
  try {
    copy.edit(file, from, to);
    // Unused imports and variables do not matter in the copy.
    copy.edit('tsconfig.base.json', '"noUnusedLocals": true', '"noUnusedLocals": false');
    copy.edit('tsconfig.base.json', '"noUnusedParameters": true', '"noUnusedParameters": false');
    await copy.run('tsc', ['-b', 'packages/client', 'tsconfig.json']);
    await copy.run('node', ['tools/build/bundle.ts']);
    const choice = ['--only', fault, '--short', '--seed', String(seed), '--topology', 'monolith'];
    const outcome = await copy
      .run('node', ['dist/test/faults/main.js', ...choice], { FAULTS_REST_WITHIN_MS: '10000' })
      .catch((error: Error) => error);
    if (!(outcome instanceof Error)) return false;
    // A run that did not reach its table has detected nothing.
    if (!/doubled +stuck/.test(outcome.message)) throw outcome;
    return true;
  } finally {
    copy.remove();
  }
}
