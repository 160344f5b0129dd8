import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { toy } from '@fissile/kit/testing/toy';
import type { PlannedProcess } from './discovery/endpoint.js';
import { Placement } from './placement.js';

const place = (rpcPort: number) => ({ address: '127.0.0.1', httpPort: 1, rpcPort });
const ALONE: PlannedProcess = { name: 'alone', hosts: ['gateway', 'alpha', 'beta'], endpoints: [place(0)] };
const EDGE = { ...ALONE, hosts: ['gateway', 'beta'], endpoints: [place(7)] };
const OWN = { name: 'alpha', hosts: ['alpha'], endpoints: [place(8)] };

describe('The placement as a process knows it', () => {
  let placement: Placement;

  beforeEach(() => {
    placement = new Placement(toy, 'monolith', [ALONE], { ...ALONE, ...place(0) });
  });

  it('follows a later state, and tells who routes by it', () => {
    const told: boolean[] = [];
    placement.onChange(() => told.push(placement.isLocal('alpha')));
    placement.change({ topology: 'moved', version: 1, processes: [EDGE, OWN] });
    assert.deepEqual(told, [false]);
    assert.deepEqual([placement.localContexts, placement.remoteContexts], [['beta'], ['alpha']]);
    assert.equal(placement.isDistributed, true);
    assert.equal(placement.rpcPort, 7);
  });

  it('ignores a state that is not later', () => {
    placement.change({ topology: 'moved', version: 2, processes: [EDGE, OWN] });
    placement.change({ topology: 'monolith', version: 2, processes: [ALONE] });
    assert.equal(placement.isLocal('alpha'), false);
  });

  it('keeps the code of what has moved away, and takes calls in its name', () => {
    placement.change({ topology: 'moved', version: 1, processes: [EDGE, OWN] });
    assert.deepEqual(placement.loadedContexts, ['alpha', 'beta']);
    assert.deepEqual(placement.identities, ['gateway', 'alpha', 'beta', 'process-alone']);
  });

  it('knows whose a route is, of what it has the code of', () => {
    const routes = ['/api/alpha', '/api/alpha/runs/:id', '/api/alphabet', '/health'];
    assert.deepEqual(
      routes.map((route) => placement.ownerOf(route)),
      ['alpha', 'alpha', undefined, undefined],
    );
  });

  it('refuses to host what it has no code of', () => {
    const gamma = { ...EDGE, hosts: ['gateway', 'gamma'] };
    assert.throws(
      () => placement.change({ topology: 'x', version: 1, processes: [gamma] }),
      /no code of gamma/,
    );
  });

  it('calls where it listens, as long as nothing has changed', () => {
    const advertised = new Placement(toy, 'monolith', [ALONE], { ...ALONE, ...place(9) });
    assert.equal(advertised.rpcPort, 9);
  });
});
