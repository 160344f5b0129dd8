import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { ControlView } from '@fissile/kit/operations';
import { type PlacedProcess, PlacedToy } from './placed-toy.js';
import { SteadyCalls } from './steady-calls.js';

const OUT = { action: 'move', context: 'beta', to: 'own' };
const BACK = { action: 'move', context: 'beta', to: 'gateway' };

const hasEnded = ({ change }: ControlView): boolean => change !== null && change.endedAt !== null;
const isIn =
  (stage: string) =>
  ({ change }: ControlView): boolean =>
    change?.stage === stage;
const waitsFor =
  (what: string) =>
  ({ change }: ControlView): boolean =>
    change?.waitingFor.some((each) => each.includes(what)) ?? false;
const hostOf = ({ processes }: ControlView, context: string): string | undefined =>
  processes.find(({ hosts }) => hosts.includes(context))?.name;

/** Two processes that have everything, and one of beta, each started by itself. */
describe('Contexts of processes that something else starts', () => {
  let toy: PlacedToy;
  let edge: PlacedProcess;
  let other: PlacedProcess;
  let calls: SteadyCalls;

  before(async () => {
    toy = await PlacedToy.start();
    [edge, other] = await Promise.all([toy.edge(), toy.edge()]);
    await toy.shows(edge, 'both are known', ({ processes }) => processes[0]?.pids.length === 2);
  });
  after(() => toy.close());

  beforeEach(() => {
    calls = new SteadyCalls(edge.url);
  });
  afterEach(() => calls.end());

  const ended = async (at = edge): Promise<ControlView> => toy.shows(at, 'the change has ended', hasEnded);
  const carriedOut = async (request: object, at = edge): Promise<ControlView> => {
    await toy.ask(at, request);
    const view = await ended(at);
    assert.deepEqual([view.change?.stage, view.change?.error], ['drained', null]);
    return view;
  };
  const nothingFailed = async (): Promise<void> => {
    await calls.goOn();
    await calls.end();
    assert.deepEqual(calls.failures, []);
    assert.deepEqual(await toy.handledTwice(calls.runs), []);
  };

  it('move out and back without a failed call', async () => {
    await calls.goOn();
    const { change } = await toy.ask(edge, OUT);
    assert.deepEqual(change?.waitingFor, ['beta: start it, 0 of 1 runs']);
    await calls.goOn();
    const beta = await toy.ofContext('beta');
    const view = await ended();
    assert.equal(view.change?.stage, 'drained');
    assert.equal(hostOf(view, 'beta'), 'beta');
    await calls.goOn();
    const back = await carriedOut(BACK, other);
    assert.equal(hostOf(back, 'beta'), 'monolith');
    // It stays, hosting nothing, until it is stopped.
    assert.deepEqual(back.processes.find(({ name }) => name === 'beta')?.standby, ['beta']);
    await calls.goOn();
    assert.equal(await beta.program.stop(), 0);
    await toy.shows(edge, 'it is gone', ({ processes }) => processes.length === 1);
    await nothingFailed();
  });

  /** The process of beta, which waits until it is started. */
  const spares: PlacedProcess[] = [];
  const startBeta = async (): Promise<PlacedProcess> => {
    const beta = await toy.ofContext('beta');
    spares.push(beta);
    return beta;
  };
  const backAgain = async (): Promise<void> => {
    assert.equal(hostOf(await carriedOut(BACK), 'beta'), 'monolith');
    await Promise.all(spares.splice(0).map(({ program }) => program.stop()));
    await toy.shows(edge, 'beta is gone', ({ processes }) => processes.length === 1);
  };

  /** How to hold a change out of the process in a stage, when it is asked of a process, and what lets it go on. */
  const holds: Record<string, (asked: PlacedProcess) => Promise<() => Promise<unknown>>> = {
    starting: async (asked) => {
      await toy.ask(asked, OUT);
      return startBeta;
    },
    // It has been told nothing yet, and says nothing.
    moving: async (asked) => {
      await startBeta();
      const alpha = await toy.ofContext('alpha');
      spares.push(alpha);
      await toy.shows(edge, 'alpha is known', ({ processes }) => processes.length === 3);
      alpha.program.signal('SIGSTOP');
      await toy.ask(asked, OUT);
      return async () => alpha.program.signal('SIGCONT');
    },
    draining: async (asked) => {
      await startBeta();
      const { answer, unlock } = await toy.slowCall(edge);
      await toy.ask(asked, OUT);
      return async () => {
        await unlock();
        assert.equal((await answer).status, 200);
      };
    },
  };

  for (const [stage, hold] of Object.entries(holds)) {
    it(`end a change that was asked of a process which is killed while the change is ${stage}`, async () => {
      const asked = await toy.edge();
      // Of alpha, the process that is killed is one of three instances.
      calls.sendOnlyWhatMayBeRepeated();
      await calls.goOn();
      const letGo = await hold(asked);
      await toy.shows(edge, `the change is ${stage}`, isIn(stage));
      await toy.kill(asked);
      await calls.goOn();
      await letGo();
      const view = await ended();
      assert.deepEqual([view.change?.stage, view.change?.error], ['drained', null]);
      assert.equal(hostOf(view, 'beta'), 'beta');
      await backAgain();
      await nothingFailed();
    });
  }

  it('end a change in one of the two placements when Consul goes away meanwhile, and are called all the time', async () => {
    await calls.goOn();
    const letGo = await holds['moving']?.(edge);
    await toy.shows(edge, 'it is moving', isIn('moving'));
    await toy.agent.stop();
    await letGo?.();
    await toy.shows(other, 'it is told', waitsFor('Consul, which does not answer'));
    await assert.rejects(toy.ask(other, BACK), /Consul does not answer \(.*\); the placement stays as it is/);
    const health = (await (await fetch(`${edge.url}/health`)).json()) as { consul: string };
    assert.equal(health.consul, 'down');
    await calls.goOn();
    await toy.agent.resume();
    assert.equal(hostOf(await ended(), 'beta'), 'beta');
    await backAgain();
    await nothingFailed();
  });

  it('go on where they are when Consul has forgotten everything', async () => {
    await startBeta();
    await carriedOut(OUT);
    await calls.goOn();
    toy.agent.forgetEverything();
    const view = await toy.shows(edge, 'Consul knows it again', ({ processes }) =>
      processes.every(({ pids }) => pids.length > 0),
    );
    assert.equal(hostOf(view, 'beta'), 'beta');
    await backAgain();
    await nothingFailed();
  });

  it('wait for a new owner that is killed before it was told, and stay with the former one meanwhile', async () => {
    const beta = await startBeta();
    await toy.shows(edge, 'beta is known', ({ processes }) => processes.length === 2);
    beta.program.signal('SIGSTOP');
    await toy.ask(edge, OUT);
    await toy.shows(edge, 'the new owner does not answer', waitsFor('beta'));
    await toy.kill(beta);
    await toy.shows(edge, 'it is to be started', waitsFor('beta: start it, 0 of 1 runs'));
    await calls.goOn();
    await startBeta();
    assert.equal(hostOf(await ended(), 'beta'), 'beta');
    await backAgain();
    await nothingFailed();
  });

  it('stay where they are when the change is taken back, or nobody starts what it waits for', async () => {
    await toy.ask(edge, OUT);
    await toy.ask(other, { action: 'roll-back' });
    const { change } = await ended();
    assert.deepEqual([change?.stage, change?.error], ['rolled back', 'it was rolled back on request']);
    const impatient = await toy.edge({ PLACEMENT_START_MS: '1000' });
    await toy.ask(impatient, OUT);
    // The other edges may still show the change before it.
    const view = await ended(impatient);
    assert.equal(view.change?.stage, 'rolled back');
    assert.match(view.change?.error ?? '', /it waited too long .* for beta: start it, 0 of 1 runs/);
    assert.equal(hostOf(view, 'beta'), 'monolith');
    await impatient.program.stop();
    await nothingFailed();
  });

  it('are not moved where that cannot be', async () => {
    const alpha = await toy.ofContext('alpha');
    await toy.shows(edge, 'alpha is known', ({ processes }) => processes.length === 2);
    const refused = async (request: object): Promise<string> =>
      toy.ask(edge, request).then(
        () => 'not refused',
        ({ message }: Error) => message,
      );
    const move = (context: string, to: string) => refused({ action: 'move', context, to });
    assert.match(
      await move('gamma', 'own'),
      /context: gamma is none that can move; expected one of alpha, beta/,
    );
    assert.match(
      await move('beta', 'delta'),
      /to: there is no process delta; expected own, or one of monolith, alpha/,
    );
    assert.match(await move('beta', 'alpha'), /to: alpha was started without the code of beta/);
    assert.match(
      await refused({ action: 'apply', topology: 'odd' }),
      /there is no odd in config\/topology.yaml/,
    );
    for (const request of [
      ...['restart', 'stop', 'start'].map((action) => ({ action, process: 'alpha' })),
      { action: 'scale', process: 'alpha', instances: 2 },
    ]) {
      assert.match(await refused(request), /process: something else starts alpha/);
    }
    await toy.ask(edge, OUT);
    assert.match(await move('alpha', 'own'), /move beta to own is under way \(starting\); wait for its end/);
    await toy.ask(edge, { action: 'roll-back' });
    await ended();
    await alpha.program.stop();
  });

  it('begin where they are now, whatever their settings say, and never without their code', async () => {
    await startBeta();
    await carriedOut(OUT);
    const another = await toy.edge();
    assert.match(another.program.output, /hosts {6}gateway, alpha$/m);
    await another.program.stop();
    const wrong = toy.program({ TOPOLOGY: 'split', HOSTS: 'gateway' }).program;
    assert.equal(await wrong.ends(), 1);
    assert.match(
      wrong.output,
      /TOPOLOGY: in version \d+ of the placement in Consul, monolith hosts the gateway/,
    );
    await backAgain();
  });

  it('are refused together with all that is wrong with their settings', async () => {
    const { program } = toy.program({
      TOPOLOGY: 'split',
      DISCOVERY: 'static',
      CONSUL_URL: '',
      EVENT_BUS: 'local',
      PLACEMENT_PREFIX: 'fissile/config/placement',
    });
    assert.equal(await program.ends(), 1);
    for (const line of [
      /DISCOVERY: static says where processes were when they were started; expected consul with PLACEMENT_STORE=consul/,
      /CONSUL_URL \(not set\): needed with PLACEMENT_STORE=consul/,
      /PLACEMENT_PREFIX: fissile\/config\/placement is where the settings are/,
      /EVENT_BUS: local reaches one process alone/,
      /HOSTS \(not set\): expected what this process hosts, since with PLACEMENT_STORE=consul/,
    ]) {
      assert.match(program.output, line);
    }
  });
});
