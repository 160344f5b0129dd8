import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANYWHERE, type DescribedProcess } from '@fissile/kit/contract';
import type { TopologyRequest } from '@fissile/kit/operations';
import { beginning } from './advance.js';
import { planRequest, storedChoice } from './plan-stored-change.js';
import type { StoredMember, StoredPlacement, StoredState } from './stored-placement.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const described = (name: string, hosts: string[]): DescribedProcess => ({ name, hosts, ...ANYWHERE });
const TOPOLOGIES: Readonly<Record<string, readonly DescribedProcess[]>> = {
  split: [described('gateway', ['gateway']), described('alpha', ['alpha']), described('beta', ['beta'])],
  odd: [described('edge', ['gateway', 'alpha']), described('all', ['beta'])],
};

const process = (name: string, ...hosts: string[]) => ({ name, hosts, endpoints: [] });
const ALONE: StoredState = {
  topology: 'monolith',
  version: 3,
  processes: [process('all', 'gateway', 'alpha', 'beta')],
};
const STORED: StoredPlacement = { placement: ALONE, step: 7, change: null };
const member = (name: string, ...loaded: string[]): StoredMember => ({
  process: name,
  pid: 1,
  address: '127.0.0.1',
  httpPort: 1,
  rpcPort: 2,
  loaded,
  runs: [],
  version: 3,
  step: 7,
  error: null,
});
const ALL = member('all', 'gateway', 'alpha', 'beta');
const SPARE = member('spare', 'alpha');

const ask = (request: TopologyRequest, stored = STORED, members = [ALL, SPARE]): StoredPlacement =>
  planRequest(stored, members, request, {
    partitionOf: (topology) => TOPOLOGIES[topology] ?? [],
    startMs: 1_000,
    now: NOW,
  });
const hostsAfter = (request: TopologyRequest, stored?: StoredPlacement): object =>
  Object.fromEntries(
    ask(request, stored).change?.target.processes.map(({ name, hosts }) => [name, hosts.join()]) ?? [],
  );
const move = (context: string, to: string): TopologyRequest => ({ action: 'move', context, to });

describe('A request to change a stored placement', () => {
  it('moves a context to a process of its own, to one that runs and hosts nothing, and back', () => {
    assert.deepEqual(hostsAfter(move('beta', 'own')), { all: 'gateway,alpha', beta: 'beta' });
    assert.deepEqual(hostsAfter(move('alpha', 'spare')), { all: 'gateway,beta', spare: 'alpha' });
    const { change, ...rest } = ask(move('alpha', 'spare'));
    const moved = { ...rest, change: null, placement: change?.target ?? ALONE };
    assert.deepEqual(hostsAfter(move('alpha', 'gateway'), moved), { all: 'gateway,beta,alpha' });
  });

  it('says what began, and by when what it needs is to be there', () => {
    const { step, placement, change } = ask(move('beta', 'own'));
    assert.deepEqual([step, placement], [8, ALONE]);
    assert.deepEqual(
      [change?.what, change?.stage, change?.startBy],
      ['move beta to own', 'starting', '2026-01-01T00:00:01.000Z'],
    );
  });

  it('applies a topology by the names of its processes, but for the one with the gateway', () => {
    assert.deepEqual(hostsAfter({ action: 'apply', topology: 'split' }), {
      all: 'gateway',
      alpha: 'alpha',
      beta: 'beta',
    });
    assert.throws(
      () => ask({ action: 'apply', topology: 'odd' }),
      /odd has a process all without the gateway/,
    );
  });

  it('is refused for a process without the code', () => {
    assert.throws(() => ask(move('beta', 'spare')), /to: spare was started without the code of beta/);
    const wrong = [ALL, member('beta', 'alpha')];
    assert.throws(
      () => ask(move('beta', 'own'), STORED, wrong),
      /to: beta was started without the code of beta/,
    );
    // Of several instances each is to have it.
    const mixed = [ALL, SPARE, member('spare')];
    assert.throws(
      () => ask(move('alpha', 'spare'), STORED, mixed),
      /spare was started without the code of alpha/,
    );
  });

  it('is refused for what is unknown, hosted there already, or for whoever starts processes', () => {
    assert.throws(() => ask(move('gamma', 'own')), /context: gamma is none that can move/);
    assert.throws(
      () => ask(move('beta', 'none')),
      /there is no process none; expected own, or one of all, spare/,
    );
    assert.throws(() => ask(move('beta', 'gateway')), /beta is hosted by all already/);
    assert.throws(() => ask({ action: 'restart', process: 'all' }), /something else starts all/);
  });

  it('is refused while another is under way, but for the way back', () => {
    const begun = beginning(STORED, 'move beta to own', ALONE, { now: NOW, startMs: 1 });
    assert.throws(() => ask(move('alpha', 'own'), begun), /move beta to own is under way \(starting\)/);
    assert.equal(ask({ action: 'roll-back' }, begun).change?.wantsBack, true);
  });

  it('takes the last change back, if there was one that was carried out', () => {
    assert.throws(() => ask({ action: 'roll-back' }), /There is no change to roll back/);
    const { change, ...rest } = ask(move('beta', 'own'));
    assert.ok(change);
    const done = {
      ...rest,
      placement: change.target,
      change: { ...change, stage: 'drained' as const, endedAt: NOW.toISOString() },
    };
    assert.deepEqual(hostsAfter({ action: 'roll-back' }, done), { all: 'gateway,alpha,beta' });
    const undone = { ...done, placement: ALONE, change: { ...done.change, stage: 'rolled back' as const } };
    assert.throws(() => ask({ action: 'roll-back' }, undone), /There is no change to roll back/);
  });

  it('can be for topologies whose processes have the code, or are not started yet', () => {
    const topologies = new Map([
      ['monolith', [described('monolith', ['gateway', 'alpha', 'beta'])]],
      ...Object.entries(TOPOLOGIES),
    ]);
    const choice = (stored: StoredPlacement, ...members: StoredMember[]): object =>
      storedChoice(stored, members, topologies);
    assert.deepEqual(choice(STORED, ALL), { topologies: ['monolith', 'split'], applied: 'monolith' });
    const wrong = member('alpha', 'beta');
    assert.deepEqual(choice(STORED, ALL, wrong), { topologies: ['monolith'], applied: 'monolith' });
    const { change } = ask({ action: 'apply', topology: 'split' });
    assert.ok(change);
    const split = { ...STORED, placement: change.target };
    assert.deepEqual(choice(split, ALL), { topologies: ['monolith', 'split'], applied: 'split' });
    const edge = member('all', 'gateway');
    assert.deepEqual(choice(split, edge), { topologies: ['split'], applied: 'split' });
  });
});
