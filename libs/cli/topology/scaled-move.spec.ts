import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import type { ChangeView, ControlView, TopologyRequest } from '@fissile/kit/operations';
import { NotAnswering } from '../operators/operator-client.js';
import { moveAndScale } from './scaled-move.js';

const OUT = { action: 'move', context: 'beta', to: 'own' } as const;
const BACK = { ...OUT, to: 'gateway' } as const;

/** A product that moves beta, once its process runs, and a cluster that scales that process; in the order of what happens. */
class Stage {
  readonly happened: string[] = [];
  readonly lookEveryMs = 0;
  replicas = 0;
  isOut = false;
  change: ChangeView | null = null;
  fails = false;
  /** How often the product does not answer while the change is under way. */
  silences = 0;

  readonly deployment = {
    replicas: async () => this.replicas,
    scaleTo: async (replicas: number) => {
      this.replicas = replicas;
      this.happened.push(`scaled to ${replicas}`);
    },
  };

  readonly ask = async (request: TopologyRequest): Promise<ControlView> => {
    if (request.action === 'move') {
      this.happened.push(`asked for beta to ${request.to}`);
      this.begin(`move beta to ${request.to}`);
    } else if (this.change?.endedAt === null) {
      if (this.silences-- > 0) throw new NotAnswering('It does not answer');
      this.end();
    }
    return this.view();
  };

  begin(what: string): void {
    const startedAt = new Date(0).toISOString();
    this.change = { what, stage: 'starting', startedAt, endedAt: null, error: null, waitingFor: [] };
  }

  private end(): void {
    const { change } = this;
    assert.ok(change);
    const endedAt = new Date(1).toISOString();
    if (this.fails) this.change = { ...change, endedAt, stage: 'rolled back', error: 'It was not started' };
    else {
      this.change = { ...change, endedAt, stage: 'drained' };
      this.isOut = change.what.endsWith('own');
      this.happened.push('moved');
    }
  }

  private view(): ControlView {
    const process = { standby: [], pids: [], state: 'running' as const, downSince: null };
    const monolith = { ...process, name: 'monolith', hosts: ['gateway', 'alpha'] };
    const beta = { ...process, name: 'beta', hosts: this.isOut ? ['beta'] : [] };
    if (!this.isOut) monolith.hosts.push('beta');
    const placed = { topology: 'monolith', topologies: ['monolith'], applied: null, version: 1 };
    return { ...placed, processes: [monolith, beta], change: this.change };
  }
}

describe('A move with its Deployment', () => {
  let stage: Stage;
  const move = (request: typeof OUT | typeof BACK, replicas: number) =>
    moveAndScale(stage, request, stage.deployment, replicas);

  before(() => {
    for (const method of ['log', 'error'] as const) mock.method(console, method, () => undefined);
  });
  after(() => mock.restoreAll());
  beforeEach(() => {
    stage = new Stage();
  });

  it('is scaled up before the context comes', async () => {
    assert.equal(await move(OUT, 3), true);
    assert.deepEqual(stage.happened, ['scaled to 3', 'asked for beta to own', 'moved']);
  });

  it('is scaled down when the context is gone', async () => {
    Object.assign(stage, { isOut: true, replicas: 3 });
    assert.equal(await move(BACK, 0), true);
    assert.deepEqual(stage.happened, ['asked for beta to gateway', 'moved', 'scaled to 0']);
  });

  it('is as before when the move is rolled back', async () => {
    stage.fails = true;
    assert.equal(await move(OUT, 2), false);
    assert.deepEqual(stage.happened, ['scaled to 2', 'asked for beta to own', 'scaled to 0']);
  });

  it('keeps its replicas when the context stays with it', async () => {
    Object.assign(stage, { fails: true, isOut: true, replicas: 3 });
    assert.equal(await move(BACK, 0), false);
    assert.deepEqual([stage.replicas, stage.happened], [3, ['asked for beta to gateway']]);
  });

  it('goes on where it was broken off, and asks for nothing twice', async () => {
    stage.replicas = 3;
    stage.begin('move beta to own');
    assert.equal(await move(OUT, 3), true);
    assert.deepEqual(stage.happened, ['moved']);
    assert.equal(await move(OUT, 3), true);
    assert.deepEqual(stage.happened, ['moved'], 'it is there already');
  });

  it('is scaled down at last when that alone was missing', async () => {
    stage.replicas = 3;
    assert.equal(await move(BACK, 0), true);
    assert.deepEqual(stage.happened, ['scaled to 0']);
  });

  it('is followed while the product does not answer for a while', async () => {
    stage.silences = 2;
    assert.equal(await move(OUT, 1), true);
    assert.deepEqual(stage.happened, ['scaled to 1', 'asked for beta to own', 'moved']);
  });
});
