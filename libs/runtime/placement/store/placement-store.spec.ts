import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ConsulClient } from '@fissile/kit/config';
import type { PlacementCommand } from '../placement-commands.js';
import { Placement } from '@fissile/kit/rpc';
import { ConsulAgent, until } from '@fissile/kit/testing';
import { toy } from '@fissile/kit/testing/toy';
import { MemberKey } from './member-key.js';
import { PlacementFollower } from './placement-follower.js';
import { PlacementStore } from './placement-store.js';
import { StoreControl } from './store-control.js';
import type { StoreView } from './stored-placement.js';

const PREFIX = 'toy/placement';
const SESSION_MS = 10_000;
const COMPONENTS = ['gateway', 'alpha', 'beta'];
const ALL = { name: 'all', hosts: COMPONENTS, endpoints: [] };

interface Described {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly standby: readonly string[];
  readonly port: number;
}

/** What a process follows the store with, without the process. */
class Follower {
  readonly done: string[] = [];
  readonly placement: Placement;
  readonly control: StoreControl;
  readonly key: MemberKey;
  readonly keyName: string;
  private readonly store: PlacementStore;
  private readonly follower: PlacementFollower;
  private readonly watch;
  lost: string[] = [];

  constructor(agent: ConsulAgent, { name, hosts, standby, port }: Described) {
    const client = new ConsulClient({ url: agent.url });
    this.store = new PlacementStore(client, PREFIX);
    const place = { address: '127.0.0.1', httpPort: port, rpcPort: port + 1 };
    this.placement = new Placement(toy, 'monolith', [ALL], { name, hosts, standby, ...place }, 0, true);
    this.keyName = this.store.keyOfMember(name, String(port));
    this.key = new MemberKey(client, this.keyName, SESSION_MS);
    this.control = new StoreControl({
      store: this.store,
      placement: this.placement,
      isEdge: hosts.includes('gateway'),
      startMs: 60_000,
      partitionOf: () => [],
      topologies: () => new Map(),
    });
    const discovery = {
      found: (host: string) => void this.lost.splice(this.lost.indexOf(host), 1),
      instancesOf: () => [],
      sourceUnavailable: (host: string) => void this.lost.push(host),
    };
    const member = { carryOut: (command: PlacementCommand) => this.carryOut(command) };
    this.follower = new PlacementFollower({ placement: this.placement, member, discovery, key: this.key });
    this.watch = this.store.watch({
      onChange: (view) => {
        this.follower.take(view);
        void this.control.take(view);
      },
      onLost: (reason) => {
        this.follower.lose();
        this.control.lose(reason);
      },
      onFound: () => {
        this.follower.findAgain();
        void this.control.findAgain();
      },
    });
    this.follower.join();
    this.watch.start();
  }

  read(): Promise<StoreView> {
    return this.store.read();
  }

  async leave(): Promise<void> {
    this.control.stop();
    await this.watch.stop();
    await this.key.leave();
  }

  private async carryOut(command: PlacementCommand): Promise<void> {
    if (command.do === 'place') this.placement.change(command.state);
    this.done.push(
      command.do === 'place' ? `place ${command.state.version}` : `${command.do} ${command.contexts.join()}`,
    );
  }
}

describe('A placement in Consul', () => {
  let agent: ConsulAgent;
  let followers: Follower[];

  beforeEach(async () => {
    agent = await ConsulAgent.start();
    followers = [];
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.leave()));
    await agent.stop();
  });

  const join = (described: Described): Follower => {
    const follower = new Follower(agent, described);
    followers.push(follower);
    return follower;
  };
  const edge = (port = 1): Follower => join({ name: 'all', hosts: COMPONENTS, standby: [], port });
  const spareBeta = (): Follower => join({ name: 'beta', hosts: [], standby: ['beta'], port: 10 });
  const isAt = (follower: Follower, version: number) =>
    until(`version ${version} is followed`, () => follower.placement.version === version);
  const versionIn = (): number => JSON.parse(agent.valueOf(`${PREFIX}/state`) ?? '{}').placement?.version;
  const ended = (follower: Follower) =>
    until('the change has ended', async () => {
      const { change } = await follower.control.carryOut({ action: 'show' });
      return change?.endedAt != null && change;
    });

  it('is written by the first process that hosts the gateway, once, and followed by all', async () => {
    const spare = spareBeta();
    await until('the spare is known', () => agent.valueOf(spare.keyName));
    assert.equal(versionIn(), undefined);
    const all = [edge(1), edge(3), spare];
    await Promise.all(all.map((follower) => isAt(follower, 1)));
    assert.equal(versionIn(), 1);
    assert.deepEqual(spare.done, ['host ', 'place 1', 'release beta']);
  });

  it('moves a context in stages, each when all have acknowledged the one before', async () => {
    const [all, beta] = [edge(), spareBeta()];
    await isAt(beta, 1);
    await all.control.carryOut({ action: 'move', context: 'beta', to: 'own' });
    const { stage, error } = await ended(all);
    assert.deepEqual([stage, error], ['drained', null]);
    assert.ok(beta.done.indexOf('host beta') < beta.done.indexOf('place 2'));
    assert.equal(all.done.at(-1), 'release beta');
    assert.ok(all.done.indexOf('place 2') < all.done.indexOf('release beta'));
    assert.deepEqual(
      all.placement.processes.map(({ name, endpoints }) => [name, endpoints[0]?.httpPort]),
      [
        ['all', 1],
        ['beta', 10],
      ],
    );
  });

  it('knows a process again whose session has ended', async () => {
    const all = edge();
    await isAt(all, 1);
    const known = agent.valueOf(all.keyName) ?? '{}';
    agent.endSessionOf(all.keyName);
    assert.equal(agent.valueOf(all.keyName), undefined);
    all.key.say({ ...JSON.parse(known), pid: 0 });
    await until('it is there again', () => agent.valueOf(all.keyName)?.includes('"pid":0'));
  });

  it('gives the place of a process that was killed to its successor', async () => {
    const client = new ConsulClient({ url: agent.url });
    const put = async (path: string, body?: object) =>
      (await client.ask(path, { method: 'PUT', body })).body ?? '';
    const { ID } = JSON.parse(await put('/v1/session/create', { TTL: '600s', Behavior: 'delete' }));
    const name = new PlacementStore(client, PREFIX).keyOfMember('all', '1');
    assert.equal(await put(`/v1/kv/${name}?acquire=${ID}`, { process: 'killed' }), 'true');
    assert.equal(edge().keyName, name);
    await until('the key is that of the successor', () => agent.valueOf(name)?.includes('"process":"all"'));
  });

  it('is no older than the one that runs, whatever a snapshot of Consul says', async () => {
    const [all, beta] = [edge(), spareBeta()];
    await isAt(beta, 1);
    const old = agent.valueOf(`${PREFIX}/state`) ?? '';
    await all.control.carryOut({ action: 'move', context: 'beta', to: 'own' });
    assert.equal((await ended(all)).stage, 'drained');
    agent.put(`${PREFIX}/state`, old);
    await until('it is stored again', () => versionIn() === 3);
    await Promise.all([isAt(all, 3), isAt(beta, 3)]);
    assert.ok(beta.done.lastIndexOf('release beta') < beta.done.indexOf('host beta'), beta.done.join('; '));
    assert.deepEqual(
      [all, beta].map(({ placement }) => placement.localContexts),
      [['alpha'], ['beta']],
    );
  });

  it('is stored again by who runs when Consul has forgotten it', async () => {
    const all = edge();
    await isAt(all, 1);
    await until('it waits for a change', () => agent.readersWaiting === 1);
    agent.forgetEverything();
    await until('it is stored again', () => versionIn() === 2);
    await isAt(all, 2);
  });

  it('is kept while Consul does not answer, which is told, and not changed', async () => {
    const all = edge();
    await isAt(all, 1);
    agent.fail(true);
    await until('it is noticed', () => all.lost.length > 0);
    assert.deepEqual(all.placement.localContexts, ['alpha', 'beta']);
    await assert.rejects(
      all.control.carryOut({ action: 'move', context: 'beta', to: 'own' }),
      /Consul does not answer \(answered with 500: No cluster leader\)/,
    );
    agent.fail(false);
    await until('it answers again', () => all.lost.length === 0);
  });

  it('is not followed by a process without the code, which says so', async () => {
    const all = edge();
    await isAt(all, 1);
    const { stored } = await all.read();
    assert.ok(stored);
    const processes = [
      { ...ALL, hosts: ['gateway', 'alpha'] },
      { ...ALL, name: 'beta', hosts: ['beta'] },
    ];
    agent.put(
      `${PREFIX}/state`,
      JSON.stringify({ ...stored, step: 5, placement: { ...stored.placement, version: 2, processes } }),
    );
    const wrong = join({ name: 'beta', hosts: [], standby: ['alpha'], port: 10 });
    await until('it says so', () => agent.valueOf(wrong.keyName)?.includes('there is no code of beta'));
    assert.equal(wrong.placement.isLocal('beta'), false);
  });

  it('is refused where it is none of ours', async () => {
    agent.put(`${PREFIX}/state`, '{"placement":1}');
    const all = edge();
    await until('it is noticed', () => all.lost.length > 0);
    assert.equal(agent.valueOf(`${PREFIX}/state`), '{"placement":1}');
  });
});
