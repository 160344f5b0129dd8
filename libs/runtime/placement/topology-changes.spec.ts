import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { ANYWHERE, type DescribedProcess } from '@fissile/kit/contract';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import { until } from '@fissile/kit/testing';
import type { PlacementCommand } from './placement-commands.js';
import { refusal } from './plan-change.js';
import { type ChangeableProcesses, TopologyChanges } from './topology-changes.js';

const place = { address: '127.0.0.1', httpPort: 1, rpcPort: 2 };
const ALONE = { name: 'monolith', hosts: ['gateway', 'alpha', 'beta'], endpoints: [place] };

const described = (name: string, ...hosts: string[]): DescribedProcess => ({ name, hosts, ...ANYWHERE });
const DECLARED = new Map([
  ['monolith', [described('monolith', 'gateway', 'alpha', 'beta')]],
  ['apart', [described('gateway', 'gateway'), described('alpha', 'alpha'), described('beta', 'beta')]],
  ['same', [described('edge', 'beta', 'gateway', 'alpha')]],
  ['scaled', [described('edge', 'gateway', 'alpha'), { ...described('beta', 'beta'), instances: 2 }]],
  ['more', [described('edge', 'gateway', 'alpha', 'beta', 'gamma')]],
]);

/** Processes that only write down what is done with them, in order, and may take their time or fail. */
class RecordedProcesses implements ChangeableProcesses {
  state: PlacementState = { topology: 'monolith', version: 0, processes: [ALONE] };
  readonly begun: string[] = [];
  readonly done: string[] = [];
  private halted = '';
  private ports = 100;
  /** What waits for, or fails, by its line. */
  readonly before = new Map<string, Promise<void>>();
  /** Hears of the view in which something starts. */
  seen: (state: PlacementState) => void = () => undefined;

  adopt(state: PlacementState): void {
    this.state = state;
  }

  async prepare(state: PlacementState): Promise<PlacementState> {
    return state;
  }

  async withPorts(process: PlannedProcess): Promise<PlannedProcess> {
    const endpoints = process.endpoints.map((place) => ({
      ...place,
      httpPort: place.httpPort || (this.ports += 1),
    }));
    return { ...process, endpoints };
  }

  start({ name }: PlannedProcess, state: PlacementState): Promise<void> {
    this.seen(state);
    return this.note(`start ${name}`);
  }

  stop({ name }: PlannedProcess): Promise<void> {
    return this.note(`stop ${name}`);
  }

  halt(name: string): Promise<void> {
    if (name === this.halted) throw refusal(`process: ${name} was stopped already`);
    this.halted = name;
    return this.note(`halt ${name}`);
  }

  kill(name: string): Promise<void> {
    return this.note(`kill ${name}`);
  }

  resume(name: string): Promise<void> {
    if (name !== this.halted) throw refusal(`process: ${name} runs already`);
    this.halted = '';
    return this.note(`resume ${name}`);
  }

  send(name: string, command: PlacementCommand): Promise<void> {
    const what = command.do === 'place' ? 'place' : `${command.do} ${command.contexts.join(',')}`;
    return this.note(`${name}: ${what}`);
  }

  describe() {
    return [];
  }

  private async note(line: string): Promise<void> {
    this.begun.push(line);
    await this.before.get(line);
    this.done.push(line);
  }
}

/** Nobody may look at it for a while. */
function failing(message: string): Promise<void> {
  const failure = Promise.reject<void>(new Error(message));
  failure.catch(() => undefined);
  return failure;
}

describe('A change of the topology', () => {
  let processes: RecordedProcesses;
  let changes: TopologyChanges;
  const move = (to: string) => changes.carryOut({ action: 'move', context: 'alpha', to });
  const now = async () => (await changes.carryOut({ action: 'show' })).change;
  const stage = async () => (await now())?.stage;
  const choice = async () => {
    const { topologies, applied } = await changes.carryOut({ action: 'show' });
    return [topologies, applied];
  };
  const ends = () => until('the change has ended', async () => (await now())?.endedAt !== null);

  before(() => Logger.overrideLogger(false));

  beforeEach(() => {
    processes = new RecordedProcesses();
    changes = new TopologyChanges({ processes, partitionOf: () => [], topologies: () => new Map() });
  });

  it('starts the new owner, tells everybody, and then lets the former owner end what it has', async () => {
    await move('own');
    await ends();
    assert.deepEqual(processes.done.slice(0, 1), ['start alpha']);
    assert.deepEqual(processes.done.slice(1, 3).toSorted(), ['alpha: place', 'monolith: place']);
    assert.deepEqual(processes.done.slice(3), ['monolith: release alpha']);
    assert.equal(await stage(), 'drained');
  });

  it('lets the process work for what comes back before anybody is told, and stops the former owner last', async () => {
    await move('own');
    await ends();
    processes.done.length = 0;
    await move('gateway');
    await ends();
    assert.deepEqual(processes.done.slice(0, 1), ['monolith: host alpha']);
    assert.deepEqual(processes.done.slice(1, 3).toSorted(), ['alpha: place', 'monolith: place']);
    assert.deepEqual(processes.done.slice(3), ['stop alpha']);
  });

  it('takes nothing from the former owner before every process has acknowledged', async () => {
    const acknowledged = Promise.withResolvers<void>();
    processes.before.set('alpha: place', acknowledged.promise);
    await move('own');
    await until('it waits for one', async () => (await now())?.waitingFor.join() === 'alpha');
    assert.equal(await stage(), 'moving');
    assert.ok(!processes.done.includes('monolith: release alpha'));
    acknowledged.resolve();
    await ends();
    assert.ok(processes.done.includes('monolith: release alpha'));
  });

  it('goes on without a process that ends before it acknowledges', async () => {
    processes.before.set('alpha: place', Promise.reject(new Error('it has ended')));
    await move('own');
    await ends();
    assert.equal(await stage(), 'drained');
  });

  it('is rolled back, with the reason, when the new owner cannot start', async () => {
    processes.before.set('start alpha', Promise.reject(new Error('no memory')));
    await move('own');
    await ends();
    assert.deepEqual(await stage(), 'rolled back');
    assert.equal((await now())?.error, 'no memory');
    assert.deepEqual(processes.done, ['stop alpha']);
    assert.equal(processes.state.version, 0);
  });

  it('is refused while another is under way', async () => {
    const started = Promise.withResolvers<void>();
    processes.before.set('start alpha', started.promise);
    await move('own');
    await assert.rejects(move('gateway'), {
      code: 'topology_not_changed',
      message: /move alpha to own is under way/,
    });
    started.resolve();
    await ends();
  });

  const during = { starting: 'start alpha', moving: 'alpha: place', draining: 'monolith: release alpha' };
  for (const [reached, line] of Object.entries(during)) {
    it(`ends where it began when it is rolled back while it is ${reached}`, async () => {
      const held = Promise.withResolvers<void>();
      processes.before.set(line, held.promise);
      await move('own');
      await until(`it is ${reached}`, () => processes.begun.includes(line));
      assert.equal(await stage(), reached);
      await changes.carryOut({ action: 'roll-back' });
      held.resolve();
      await ends();
      assert.deepEqual(processes.state.processes, [{ ...ALONE, hosts: processes.state.processes[0]?.hosts }]);
      assert.deepEqual(processes.state.processes[0]?.hosts.toSorted(), ALONE.hosts.toSorted());
      assert.equal(processes.done.at(-1), 'stop alpha');
      assert.equal(await stage(), 'rolled back');
      assert.match((await now())?.error ?? '', /on request/);
    });
  }

  it('stays where it is, with the reason, when the way back is not to be had', async () => {
    const held = Promise.withResolvers<void>();
    processes.before.set('monolith: release alpha', held.promise);
    processes.before.set('monolith: host alpha', failing('its database is away'));
    await move('own');
    await until('it is draining', async () => (await stage()) === 'draining');
    await changes.carryOut({ action: 'roll-back' });
    held.resolve();
    await ends();
    assert.equal(await stage(), 'drained');
    const error = 'it was rolled back on request; the way back failed: its database is away';
    assert.equal((await now())?.error, error);
    assert.deepEqual(
      processes.state.processes.map(({ name }) => name),
      ['monolith', 'alpha'],
    );
  });

  it('can be rolled back after its end, once', async () => {
    await assert.rejects(changes.carryOut({ action: 'roll-back' }), /no change to roll back/);
    await move('own');
    await ends();
    await changes.carryOut({ action: 'roll-back' });
    await ends();
    assert.deepEqual(
      processes.state.processes.map(({ name }) => name),
      ['monolith'],
    );
  });

  it('starts new instances of a process before those that it had end', async () => {
    await move('own');
    await ends();
    processes.done.length = 0;
    await changes.carryOut({ action: 'restart', process: 'alpha' });
    await ends();
    assert.deepEqual(processes.done.slice(0, 1), ['start alpha']);
    assert.equal(processes.done.at(-1), 'stop alpha');
    await changes.carryOut({ action: 'scale', process: 'alpha', instances: 3 });
    await ends();
    assert.equal(processes.state.processes[1]?.endpoints.length, 3);
    await assert.rejects(changes.carryOut({ action: 'scale', process: 'alpha', instances: 3 }), /already/);
  });

  it('stops a process that keeps its place, and starts it again', async () => {
    await move('own');
    await ends();
    const { version } = processes.state;
    await changes.carryOut({ action: 'stop', process: 'alpha' });
    await ends();
    await assert.rejects(changes.carryOut({ action: 'stop', process: 'alpha' }), /stopped already/);
    await assert.rejects(changes.carryOut({ action: 'roll-back' }), /no change to roll back/);
    await changes.carryOut({ action: 'start', process: 'alpha' });
    await ends();
    assert.deepEqual(processes.done.slice(-2), ['halt alpha', 'resume alpha']);
    assert.equal(processes.state.version, version);
  });

  it('kills a process, but not in production', async () => {
    await move('own');
    await ends();
    await changes.carryOut({ action: 'kill', process: 'alpha' });
    await ends();
    assert.equal(processes.done.at(-1), 'kill alpha');
    assert.equal((await now())?.what, 'kill alpha');
    const { NODE_ENV } = process.env;
    process.env['NODE_ENV'] = 'production';
    try {
      await assert.rejects(changes.carryOut({ action: 'kill', process: 'alpha' }), /for development/);
    } finally {
      if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = NODE_ENV;
    }
  });

  describe('to a topology of several processes', () => {
    const apply = () => changes.carryOut({ action: 'apply', topology: 'apart' });
    const hosted = () => processes.state.processes.map(({ name, hosts }) => `${name}: ${hosts.join(',')}`);

    beforeEach(() => {
      const partition = ['gateway', 'alpha', 'beta'].map((name) => described(name, name));
      changes = new TopologyChanges({ processes, partitionOf: () => partition, topologies: () => DECLARED });
    });

    it('starts one after the other, each when those before it serve what they have taken', async () => {
      await apply();
      await ends();
      assert.equal(await stage(), 'drained');
      const steps = processes.done.filter((line) => !line.endsWith(': place'));
      assert.deepEqual(steps, [
        'start alpha',
        'monolith: release alpha',
        'start beta',
        'monolith: release beta',
      ]);
      assert.deepEqual(hosted(), ['monolith: gateway', 'alpha: alpha', 'beta: beta']);
    });

    it('tells which topologies can be applied, and which one the processes are', async () => {
      // The edge has not the code of gamma.
      const possible = ['monolith', 'apart', 'same', 'scaled'];
      assert.deepEqual(await choice(), [possible, 'monolith']);
      await apply();
      await ends();
      assert.deepEqual(await choice(), [possible, 'apart']);
      await changes.carryOut({ action: 'move', context: 'alpha', to: 'gateway' });
      await ends();
      assert.deepEqual(await choice(), [possible, null]);
      await changes.carryOut({ action: 'scale', process: 'beta', instances: 2 });
      await ends();
      assert.deepEqual(await choice(), [possible, 'scaled']);
    });

    it('begins a process in a view in which all others serve', async () => {
      const views: string[][] = [];
      processes.seen = (state) =>
        views.push(state.processes.map(({ name, hosts }) => `${name}: ${hosts.join(',')}`));
      await apply();
      await ends();
      assert.deepEqual(views, [
        ['monolith: gateway,beta', 'alpha: alpha'],
        ['monolith: gateway', 'alpha: alpha', 'beta: beta'],
      ]);
    });

    it('ends where it began when a later one cannot start', async () => {
      processes.before.set('start beta', failing('no memory'));
      await apply();
      await ends();
      assert.deepEqual([await stage(), (await now())?.error], ['rolled back', 'no memory']);
      assert.deepEqual(hosted(), ['monolith: gateway,alpha,beta']);
      assert.equal(processes.done.at(-1), 'stop alpha');
    });

    it('stays where it is when the way back fails too, says both reasons, and can be asked back again', async () => {
      processes.before.set('start beta', failing('no memory'));
      processes.before.set('monolith: host alpha', failing('its database is away'));
      await apply();
      await ends();
      const error = 'no memory; the way back failed: its database is away';
      assert.deepEqual([await stage(), (await now())?.error], ['drained', error]);
      assert.deepEqual(hosted(), ['monolith: gateway,beta', 'alpha: alpha']);
      processes.before.clear();
      await changes.carryOut({ action: 'roll-back' });
      await ends();
      assert.deepEqual(hosted(), ['monolith: gateway,alpha,beta']);
    });

    it('starts nothing more once it is to be rolled back', async () => {
      const held = Promise.withResolvers<void>();
      processes.before.set('monolith: release alpha', held.promise);
      await apply();
      await until('the first one drains', async () => (await stage()) === 'draining');
      await changes.carryOut({ action: 'roll-back' });
      held.resolve();
      await ends();
      assert.equal(await stage(), 'rolled back');
      assert.ok(!processes.done.includes('start beta'));
    });

    it('ends where it began when it is rolled back while a later one starts', async () => {
      const held = Promise.withResolvers<void>();
      processes.before.set('start beta', held.promise);
      await apply();
      await until('the second one starts', () => processes.begun.includes('start beta'));
      await changes.carryOut({ action: 'roll-back' });
      held.resolve();
      await ends();
      assert.equal(await stage(), 'rolled back');
      assert.deepEqual(hosted(), ['monolith: gateway,alpha,beta']);
    });
  });

  it('says when a process cannot be started again, or is none', async () => {
    processes.before.set('resume monolith', Promise.reject(new Error('its port is taken')));
    await changes.carryOut({ action: 'restart', process: 'monolith' });
    await ends();
    assert.deepEqual([await stage(), (await now())?.error], ['rolled back', 'its port is taken']);
    await assert.rejects(changes.carryOut({ action: 'stop', process: 'gamma' }), /no process gamma/);
  });

  it('does not roll a stop back while it is under way', async () => {
    const held = Promise.withResolvers<void>();
    processes.before.set('halt monolith', held.promise);
    await changes.carryOut({ action: 'stop', process: 'monolith' });
    await assert.rejects(changes.carryOut({ action: 'roll-back' }), /stop monolith is not rolled back/);
    held.resolve();
    await ends();
  });

  it('is refused where something else keeps processes from following', async () => {
    const obstacle = 'EVENT_BUS: local reaches one process alone';
    changes = new TopologyChanges({ processes, partitionOf: () => [], topologies: () => DECLARED, obstacle });
    await assert.rejects(move('own'), { code: 'topology_not_changed', message: obstacle });
    assert.deepEqual(await choice(), [[], 'monolith']);
  });
});
