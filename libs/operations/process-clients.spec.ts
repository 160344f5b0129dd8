import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { GATEWAY } from '@fissile/kit/contract';
import {
  CallTransport,
  type ClientOptions,
  Discovery,
  type Instance,
  Placement,
  type RpcTransport,
} from '@fissile/kit/rpc';
import { productOf } from '@fissile/kit/testing';
import { ProcessClients } from './process-clients.js';

const PRODUCT = productOf('alpha', 'beta', 'gamma');

const at = (id: string): Instance => ({ id, address: id, httpPort: 80, rpcPort: 81 });

describe('Calls of processes', () => {
  let called: string[];

  beforeEach(() => {
    called = [];
  });

  /** Two instances of the process alpha, of which this is the first, one of the gateway, and two of the rest. */
  function clientsOver(rpc: Partial<RpcTransport> | undefined): ProcessClients {
    const discovery = new Discovery('static', 'alpha-1');
    discovery.found('alpha', [at('alpha-1'), at('alpha-2')]);
    discovery.found(GATEWAY, [at('edge-1')]);
    for (const host of ['beta', 'gamma']) discovery.found(host, [at('rest-1'), at('rest-2')]);
    const self = { name: 'alpha', hosts: ['alpha'], ...at('alpha-1') };
    const processes = [
      { name: 'edge', hosts: [GATEWAY], endpoints: [] },
      { ...self, endpoints: [] },
      { name: 'rest', hosts: ['beta', 'gamma'], endpoints: [] },
      { name: 'late', hosts: ['delta'], endpoints: [] },
      { name: 'left', hosts: [], endpoints: [] },
    ];
    const client = (_contract: unknown, address: string, { at: instance }: ClientOptions) => ({
      revoke: async () => {
        called.push(instance === undefined ? address : `${address} at ${instance.id}`);
        return {};
      },
    });
    const describe = (host: string) =>
      discovery.instancesOf(host).map((instance) => ({ instance, ejected: instance.id === 'rest-1' }));
    return new ProcessClients(
      { client } as never,
      new Placement(PRODUCT, 'three', processes, self),
      discovery,
      { describe } as never,
      new CallTransport(rpc as RpcTransport | undefined),
    );
  }

  async function callOthers(rpc: Partial<RpcTransport> | undefined): Promise<string[]> {
    const others = clientsOver(rpc).others();
    await Promise.all(others.map(({ client }) => client.revoke({ subjectIds: [], revokedAt: new Date() })));
    return called.sort();
  }

  it('reach every other instance of every process, the gateway and this process included', async () => {
    assert.deepEqual(await callOthers({ broker: undefined }), [
      'process-alpha at alpha-2',
      'process-edge at edge-1',
      'process-rest at rest-1',
      'process-rest at rest-2',
    ]);
  });

  it('reach one instance of each other process over a broker, which chooses it', async () => {
    assert.deepEqual(await callOthers({ broker: 'nats' }), [
      'process-edge',
      'process-late',
      'process-left',
      'process-rest',
    ]);
  });

  it('are all that are known, and name each that hosts something and has no known instance', () => {
    const clients = clientsOver({ broker: undefined });
    assert.deepEqual(
      clients.all().map(({ process, name }) => `${process} ${name}`),
      ['alpha alpha', 'edge edge-1', 'alpha alpha-2', 'rest rest-1', 'rest rest-2'],
    );
    assert.deepEqual(clients.unknown(), ['late']);
    assert.deepEqual(clientsOver({ broker: 'nats' }).unknown(), []);
  });

  it('reach no process where there is only one', async () => {
    assert.deepEqual(await callOthers(undefined), []);
  });

  it('of one process go to an instance that works, and stay local when it is this one', async () => {
    const clients = clientsOver({ broker: undefined });
    const request = { subjectIds: [], revokedAt: new Date() };
    await clients.of({ name: 'rest', hosts: ['beta', 'gamma'], endpoints: [] }).revoke(request);
    await clients.of({ name: 'alpha', hosts: ['alpha'], endpoints: [] }).revoke(request);
    assert.deepEqual(called, ['process-rest at rest-2', 'process-alpha']);
  });
});
