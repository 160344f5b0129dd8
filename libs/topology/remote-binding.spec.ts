import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ContextError, HOSTABLE } from '#libs/contracts';
import { Inventory, type ReserveRequest } from '#libs/contracts/inventory';
import { Operations } from '#libs/contracts/operations';
import { Balancer, Discovery, type DiscoverySettings, type Instance } from '#libs/discovery';
import { Breakers, type BreakerSettings, CallTimes } from '#libs/resilience';
import { freePort, unreadBreakerMetrics, until } from '#libs/testing';
import {
  type CallContext,
  CallDeadline,
  currentCall,
  type Ending,
  InternalTokens,
  runInCall,
  transportOf,
  type TransportSettings,
} from '#libs/transport';
import { CallTransport } from './call-transport.js';
import { ContractBinding } from './contract-binding.js';
import { ContractDispatch } from './contract-dispatch.js';
import { ContractRegistry } from './contract-registry.js';
import { ContractServer } from './contract-server.js';
import { WireCopier } from './message-copier.js';
import { Placement } from './placement.js';
import { RemoteCalls } from './remote-calls.js';
import type { TopologySettings } from './topology.settings.js';

const SECRET = 'a secret that both processes of the test share';
const PATIENT_MS = 30_000;
const BREAKING = {
  BREAKER_ENABLED: true,
  BREAKER_TIMEOUT_MS: PATIENT_MS,
  BREAKER_TIMEOUTS: [] as string[],
  BREAKER_MAX_CONCURRENT: 10,
  BREAKER_ERROR_PERCENT: 25,
  BREAKER_MIN_VOLUME: 5,
  BREAKER_RESET_MS: 2_000,
} as BreakerSettings;
const CALLER = { userId: 'ada', sessionId: 's', roles: ['customer'] };

/** Two processes' worth of objects in one, with TCP between them. */
describe('A contract bound to another process', () => {
  let server: ContractServer;
  let calls: RemoteCalls;
  let breakers: Breakers;
  let discovery: Discovery;
  let instance: Instance;
  let inventory: Inventory;
  let operations: Operations;
  let handler: Record<string, (request: ReserveRequest) => Promise<object>>;

  before(async () => {
    Logger.overrideLogger(false);
    const transport = {
      TRANSPORT: 'tcp',
      TRANSPORT_PREFIX: 't',
      CALL_TIMEOUT_MS: 60_000,
    } as TransportSettings;
    const carrier = new CallTransport(await transportOf(transport));
    const place = { address: '127.0.0.1', httpPort: 0, rpcPort: await freePort() };
    const there = { name: 'there', hosts: ['inventory'] as const, ...place };
    const here = { ...there, name: 'here', hosts: HOSTABLE.filter((host) => host !== 'inventory') };
    const processes = [here, there].map((process) => ({ ...process, places: [place] }));
    discovery = new Discovery('static', undefined);
    instance = { id: 'there', ...place };
    discovery.found('inventory', [instance]);
    const balancer = new Balancer(discovery, {
      EJECT_AFTER_FAILURES: 3,
      EJECT_MS: 1_000,
    } as DiscoverySettings);

    const registry = new ContractRegistry();
    registry.add(Inventory, 'inventory', {
      reserve: (request) => handler['reserve']?.(request) as Promise<object>,
      release: (request) => handler['release']?.(request as ReserveRequest) as Promise<object>,
    });
    const served = {
      replayDeadLetter: () => handler['replayDeadLetter']?.({} as ReserveRequest),
    };
    registry.add(Operations, 'inventory', served as never);
    server = new ContractServer(
      carrier,
      new Placement('two', processes, there),
      registry,
      new ContractDispatch(registry),
      new InternalTokens(SECRET, 'there'),
      { verify: async (token: string) => (token === 'Bearer good' ? CALLER : refuse()) } as never,
      { add: () => undefined } as never,
      { HOST: '127.0.0.1' } as never,
      transport,
    );
    await server.start();

    const placement = new Placement('two', processes, here);
    calls = new RemoteCalls(carrier, discovery, balancer, new InternalTokens(SECRET, 'here'));
    breakers = new Breakers(BREAKING, unreadBreakerMetrics());
    const binding = new ContractBinding(
      new ContractDispatch(new ContractRegistry()),
      calls,
      placement,
      new WireCopier(),
      transport,
      { CALL_IDEMPOTENT_TWICE: false } as TopologySettings,
      { measure: (_call: unknown, make: () => Promise<unknown>) => make() } as never,
      breakers,
      new CallTimes(BREAKING),
    );
    inventory = binding.client(Inventory, 'inventory');
    operations = binding.client(Operations, 'inventory');
  });

  beforeEach(() => {
    handler = {};
    mayTake(PATIENT_MS);
  });

  after(async () => {
    breakers.onApplicationShutdown();
    await calls.onApplicationShutdown();
    await server.stop();
  });

  const mayTake = (ms: number) => Object.assign(BREAKING, { BREAKER_TIMEOUT_MS: ms });

  it('hands over what was said, and what is known of the request behind it', async () => {
    let request: ReserveRequest | undefined;
    let seen: CallContext | undefined;
    handler['reserve'] = async (received) => {
      request = received;
      seen = currentCall();
      return {};
    };
    const deadline = Date.now() + 10_000;
    const call = {
      requestId: 'r-1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      authorization: 'Bearer good',
      deadline,
    };
    const said = { orderId: 'o', lines: [{ productId: 'p', quantity: 3 }] };
    assert.deepEqual(await runInCall(call, () => inventory.reserve(said)), {});
    assert.deepEqual(request, said);
    assert.equal(seen?.requestId, 'r-1');
    assert.equal(seen?.traceId, call.traceId);
    assert.deepEqual(seen?.caller, CALLER);
    // Counted anew from what was left, so the time on the way comes on top.
    assert.ok(Number(seen?.deadline) < deadline + 30_000, 'what is left of the deadline, not a new one');
  });

  it('does not run for a user whose token the other side refuses', async () => {
    let ran = false;
    handler['reserve'] = async () => {
      ran = true;
      return {};
    };
    const call = { requestId: 'r', traceId: 't', authorization: 'Bearer forged' };
    await assert.rejects(
      runInCall(call, () => inventory.reserve({ orderId: 'o', lines: [] })),
      { code: 'unauthenticated' },
    );
    assert.equal(ran, false);
  });

  it('fails as it does at home: with errors of the catalogue, and nothing of the inside', async () => {
    handler['reserve'] = async () =>
      Promise.reject(ContextError.of('stock_insufficient', 'None left', { productId: 'p' }));
    await assert.rejects(inventory.reserve({ orderId: 'o', lines: [] }), {
      code: 'stock_insufficient',
      status: 409,
      details: { productId: 'p' },
    });
    handler['reserve'] = async () => Promise.reject(new Error('password=hunter2'));
    await assert.rejects(inventory.reserve({ orderId: 'o', lines: [] }), {
      code: 'internal_error',
      message: 'Something went wrong on our side',
    });
  });

  it('ends there when the caller has left here', async () => {
    let seen: Ending | undefined;
    const stopped = new Promise<void>((resolve) => {
      handler['reserve'] = () => {
        seen = currentCall()?.ending;
        seen?.onEnd(resolve);
        return new Promise(() => undefined);
      };
    });
    const client = new CallDeadline(60_000);
    const call = { requestId: 'r', traceId: 't', ending: client };
    const waiting = runInCall(call, () => inventory.reserve({ orderId: 'o', lines: [] }));
    await until('the call has arrived', () => seen);
    client.cancel();
    await assert.rejects(waiting, { code: 'cancelled' });
    await stopped;
    assert.equal((seen?.reason as ContextError).code, 'cancelled');
    client.release();
  });

  it('may take longer than others where its contract says that it takes long', async () => {
    mayTake(1_000);
    handler['replayDeadLetter'] = () => new Promise((resolve) => setTimeout(() => resolve({}), 1_500));
    assert.deepEqual(await operations.replayDeadLetter({ deadLetterId: 'd' }), {});
  });

  it('is given up when it takes longer than its method may, and refused at once when that goes on', async () => {
    mayTake(1_000);
    let arrived = 0;
    handler['release'] = () => {
      arrived += 1;
      return new Promise(() => undefined);
    };
    const release = () => inventory.release({ orderId: 'o' });
    const codes: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const short = { requestId: 'r', traceId: 't', deadline: Date.now() + 20 };
      await runInCall(short, release).catch(() => undefined);
    }
    assert.equal(breakers.stateOfCalls('inventory'), 'closed', 'callers without time show nothing');
    await Promise.all(
      Array.from({ length: 10 }, () => release().catch(({ code }: ContextError) => codes.push(code))),
    );
    assert.deepEqual(new Set(codes), new Set(['deadline_exceeded']));
    const before = arrived;
    await assert.rejects(
      release(),
      ({ code, details }: ContextError) =>
        code === 'unavailable' && [1, 2].includes(details?.['retryAfter'] as number),
    );
    assert.equal(arrived, before, 'it was not even sent');
    mayTake(PATIENT_MS);
    handler['release'] = async () => {
      arrived += 1;
      return {};
    };
    await until(
      'it is let through again',
      () =>
        release().then(
          () => true,
          () => false,
        ),
      60_000,
    );
    assert.equal(breakers.stateOfCalls('inventory'), 'closed');
    assert.equal(arrived, before + 1, 'one call was enough');
  });

  it('goes to another instance at once when one cannot be reached, more often than retries are paid for', async () => {
    handler['release'] = async () => ({});
    const gone = { ...instance, id: 'gone', rpcPort: await freePort() };
    for (let round = 0; round < 10; round += 1) {
      discovery.found('inventory', [instance]);
      // Known anew, so it has not been left out yet.
      discovery.found('inventory', [gone, instance]);
      await Promise.all(Array.from({ length: 5 }, () => inventory.release({ orderId: 'o' })));
    }
    discovery.found('inventory', [instance]);
  });
});

function refuse(): never {
  throw ContextError.of('unauthenticated');
}
