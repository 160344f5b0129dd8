import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import { stepsBetween } from './change-steps.js';

const hosting = (name: string, hosts: string[], ...ports: number[]): PlannedProcess => ({
  name,
  hosts,
  endpoints: ports.map((httpPort) => ({ address: '127.0.0.1', httpPort, rpcPort: httpPort + 1 })),
});

const state = (version: number, ...processes: PlannedProcess[]): PlacementState => ({
  topology: 'any',
  version,
  processes,
});

const shapesOf = (steps: readonly PlacementState[]) =>
  steps.map(({ version, processes }) => [
    version,
    ...processes.map(({ name, hosts, endpoints }) => `${name}×${endpoints.length}: ${hosts.join(',')}`),
  ]);

describe('The steps to a placement', () => {
  const alone = state(4, hosting('monolith', ['gateway', 'alpha', 'beta'], 1));
  const split = state(
    0,
    hosting('monolith', ['gateway'], 1),
    hosting('alpha', ['alpha'], 11, 12),
    hosting('beta', ['beta'], 21),
  );

  it('are one for each process that is new, with all its instances', () => {
    assert.deepEqual(shapesOf(stepsBetween(alone, split)), [
      [5, 'monolith×1: gateway,beta', 'alpha×2: alpha'],
      [6, 'monolith×1: gateway', 'alpha×2: alpha', 'beta×1: beta'],
    ]);
  });

  it('are one where nothing starts', () => {
    assert.deepEqual(shapesOf(stepsBetween({ ...split, version: 6 }, alone)), [
      [7, 'monolith×1: gateway,alpha,beta'],
    ]);
  });

  it('have a process end when the last that it hosts has gone', () => {
    const former = state(1, hosting('edge', ['gateway'], 1), hosting('core', ['alpha', 'beta'], 3));
    const steps = stepsBetween(former, split);
    assert.deepEqual(shapesOf(steps.slice(0, 1)), [[2, 'edge×1: gateway', 'core×1: beta', 'alpha×2: alpha']]);
    assert.deepEqual(steps.at(-1), { ...split, version: 3 });
  });

  it('have one for the new instances of a process that stays, which keeps those that it has', () => {
    const more = state(
      0,
      hosting('monolith', ['gateway'], 1),
      hosting('alpha', ['alpha'], 11, 12, 13),
      hosting('beta', ['beta'], 21, 22),
    );
    assert.deepEqual(shapesOf(stepsBetween({ ...split, version: 6 }, more)), [
      [7, 'monolith×1: gateway', 'beta×1: beta', 'alpha×3: alpha'],
      [8, 'monolith×1: gateway', 'alpha×3: alpha', 'beta×2: beta'],
    ]);
  });
});
