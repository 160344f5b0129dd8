import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasCode } from '@fissile/kit/contract';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import { afterApply, afterMove, afterRestart, afterScale, planChange } from './plan-change.js';

const place = (httpPort: number) => [{ address: '127.0.0.1', httpPort, rpcPort: httpPort + 1 }];
const ALONE: PlannedProcess = { name: 'monolith', hosts: ['gateway', 'alpha', 'beta'], endpoints: place(1) };
const IN_ONE: PlacementState = { topology: 'monolith', version: 4, processes: [ALONE] };
const described = (name: string, ...hosts: string[]) => ({
  name,
  hosts,
  address: undefined,
  http: undefined,
  rpc: undefined,
  instances: undefined,
});
const SPLIT = [described('gateway', 'gateway'), described('alpha', 'alpha'), described('beta', 'beta')];

const shapeOf = ({ processes }: PlacementState) =>
  Object.fromEntries(processes.map(({ name, hosts }) => [name, hosts.join(',')]));

/** What the refusal says. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (hasCode(error, 'topology_not_changed')) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('The placement after a move', () => {
  const apart = afterMove(IN_ONE, 'alpha', 'own');

  it('has a process of the context’s own, and a higher version', () => {
    assert.deepEqual(shapeOf(apart), { monolith: 'gateway,beta', alpha: 'alpha' });
    assert.equal(apart.version, 5);
  });

  it('has the context back where its code is, and no process without anything to host', () => {
    assert.deepEqual(shapeOf(afterMove(apart, 'alpha', 'gateway')), { monolith: 'gateway,beta,alpha' });
    assert.deepEqual(shapeOf(afterMove(apart, 'alpha', 'monolith')), { monolith: 'gateway,beta,alpha' });
  });

  it('gives a new process a name that no other has', () => {
    const named = { ...IN_ONE, processes: [{ ...ALONE, name: 'alpha' }] };
    assert.deepEqual(shapeOf(afterMove(named, 'alpha', 'own')), {
      alpha: 'gateway,beta',
      'alpha-2': 'alpha',
    });
  });

  it('is refused with what is wrong', () => {
    assert.match(
      refusalOf(() => afterMove(IN_ONE, 'gamma', 'own')),
      /context: gamma is none.*alpha, beta/,
    );
    assert.match(
      refusalOf(() => afterMove(IN_ONE, 'gateway', 'own')),
      /context: gateway/,
    );
    assert.match(
      refusalOf(() => afterMove(IN_ONE, 'alpha', 'elsewhere')),
      /no process elsewhere.*monolith/,
    );
    assert.match(
      refusalOf(() => afterMove(IN_ONE, 'alpha', 'monolith')),
      /hosted by monolith already/,
    );
    assert.match(
      refusalOf(() => afterMove(apart, 'alpha', 'own')),
      /process of its own already/,
    );
    assert.match(
      refusalOf(() => afterMove(apart, 'beta', 'alpha')),
      /without the code of beta.*STANDBY=beta/,
    );
  });
});

describe('The placement after a topology is applied', () => {
  const split = afterApply(IN_ONE, 'split', SPLIT);

  it('has the processes of the topology, the edge under its own name', () => {
    assert.deepEqual(shapeOf(split), { monolith: 'gateway', alpha: 'alpha', beta: 'beta' });
    assert.equal(split.topology, 'split');
  });

  it('keeps a process that hosts the same', () => {
    const apart = afterMove(IN_ONE, 'alpha', 'own');
    const { added, removed, losses } = planChange(apart, afterApply(apart, 'split', SPLIT));
    assert.deepEqual(
      [added.map(({ name }) => name), removed, losses],
      [['beta'], [], [{ name: 'monolith', contexts: ['beta'] }]],
    );
  });

  it('has as many instances as the topology', () => {
    const several = [...SPLIT.slice(0, 2), { ...described('beta', 'beta'), instances: 2 }];
    assert.equal(afterApply(IN_ONE, 'split', several).processes[2]?.endpoints.length, 2);
    const placed = split.processes.map((process, index) => ({
      ...process,
      endpoints: place(1 + 10 * index),
    }));
    const running = { ...split, processes: placed };
    const { added } = planChange(running, afterApply(running, 'split', several));
    assert.deepEqual(
      added.map(({ name, endpoints }) => [name, endpoints.length]),
      [['beta', 1]],
    );
  });

  it('is refused where the edge has not the code of what it would host, or has several instances', () => {
    const bare = { ...split, processes: split.processes.map(({ standby: _standby, ...rest }) => rest) };
    const whole = [described('monolith', 'gateway', 'alpha', 'beta')];
    assert.match(
      refusalOf(() => afterApply(bare, 'monolith', whole)),
      /STANDBY=alpha,beta/,
    );
    const several = [{ ...described('gateway', 'gateway'), instances: 2 }, ...SPLIT.slice(1)];
    assert.match(
      refusalOf(() => afterApply(IN_ONE, 'split', several)),
      /several instances of gateway/,
    );
  });

  it('leads back by what the edge gains and what goes', () => {
    const whole = [described('monolith', 'gateway', 'alpha', 'beta')];
    const { added, removed, gains } = planChange(split, afterApply(split, 'monolith', whole));
    assert.deepEqual(
      [added, removed.map(({ name }) => name), gains],
      [[], ['alpha', 'beta'], [{ name: 'monolith', contexts: ['alpha', 'beta'] }]],
    );
  });
});

describe('The placement after a process is handled', () => {
  const [first] = place(10);
  const [second] = place(20);
  const of = (...endpoints: PlannedProcess['endpoints']): PlacementState => ({
    topology: 'split',
    version: 7,
    processes: [
      { ...ALONE, hosts: ['gateway'] },
      { name: 'alpha', hosts: ['alpha'], endpoints },
    ],
  });
  const portsOf = (processes: readonly PlannedProcess[]) =>
    processes.map(({ name, endpoints }) => [name, ...endpoints.map(({ httpPort }) => httpPort)]);

  it('has new instances in place of all, which start before those stop', () => {
    assert.ok(first && second);
    const { target, added, removed } = planChange(
      of(first, second),
      afterRestart(of(first, second), 'alpha'),
    );
    assert.deepEqual(portsOf(added), [['alpha', 0, 0]]);
    assert.deepEqual(portsOf(removed), [['alpha', 10, 20]]);
    assert.equal(target.version, 8);
  });

  it('keeps the instances that it has when it gets more, and loses the last', () => {
    assert.ok(first && second);
    const grown = planChange(of(first), afterScale(of(first), 'alpha', 2));
    assert.deepEqual([portsOf(grown.added), portsOf(grown.removed)], [[['alpha', 0]], []]);
    const shrunk = planChange(of(first, second), afterScale(of(first, second), 'alpha', 1));
    assert.deepEqual([portsOf(shrunk.added), portsOf(shrunk.removed)], [[], [['alpha', 20]]]);
  });

  it('is refused for the process with the port of the product, and for one that is none', () => {
    assert.ok(first);
    assert.match(
      refusalOf(() => afterScale(of(first), 'monolith', 2)),
      /process: monolith has the port of the product.*another process/,
    );
    assert.match(
      refusalOf(() => afterRestart(of(first), 'gamma')),
      /process: there is no process gamma; expected one of monolith, alpha/,
    );
  });
});
