import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { ContextError, GATEWAY } from '@fissile/kit/contract';
import { productOf } from '@fissile/kit/testing';
import {
  Discovery,
  type Instance,
  type RpcTransport,
  CallTransport,
  type ClientOptions,
  Placement,
} from '@fissile/kit/rpc';
import { ContractRevocations } from './contract-revocations.js';

const PRODUCT = productOf('alpha', 'beta', 'gamma', 'delta');

const at = (id: string): Instance => ({ id, address: id, httpPort: 80, rpcPort: 81 });

describe('A revocation', () => {
  let told: string[];
  let unreachable: string;

  before(() => Logger.overrideLogger(false));

  beforeEach(() => {
    told = [];
    unreachable = '';
  });

  /** Two instances of alpha, of which this is the first, and two of the rest. */
  function broadcastOver(rpc: Partial<RpcTransport> | undefined): ContractRevocations {
    const discovery = new Discovery('static', 'alpha-1');
    const rest = [GATEWAY, 'beta', 'gamma', 'delta'];
    discovery.found('alpha', [at('alpha-1'), at('alpha-2')]);
    for (const host of rest) discovery.found(host, [at('rest-1'), at('rest-2')]);
    const self = { name: 'alpha', hosts: ['alpha'] as const, ...at('alpha-1') };
    const processes = [
      { ...self, endpoints: [] },
      { name: 'rest', hosts: rest, endpoints: [] },
    ];
    const client = (_contract: unknown, context: string, { at: instance }: ClientOptions) => ({
      revoke: async () => {
        if (instance?.id === unreachable) throw ContextError.of('unavailable');
        told.push(instance?.id ?? context);
        return {};
      },
    });
    return new ContractRevocations(
      { client } as never,
      new Placement(PRODUCT, 'two', processes, self),
      discovery,
      new CallTransport(rpc as RpcTransport | undefined),
    );
  }

  const publish = (rpc: Partial<RpcTransport> | undefined) => broadcastOver(rpc).publish(['ada'], new Date());

  it('is sent to every other instance, those of the same process too', async () => {
    await publish({ broker: undefined });
    assert.deepEqual(told.sort(), ['alpha-2', 'rest-1', 'rest-2']);
  });

  it('is sent to the others when one cannot be reached', async () => {
    unreachable = 'rest-1';
    await publish({ broker: undefined });
    assert.deepEqual(told.sort(), ['alpha-2', 'rest-2']);
  });

  it('is sent to one of each process over a broker, which chooses it', async () => {
    await publish({ broker: 'nats' });
    assert.deepEqual(told, ['delta']);
  });

  it('is sent to no process where none can be called', async () => {
    await publish(undefined);
    assert.deepEqual(told, []);
  });
});
