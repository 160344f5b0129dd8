import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { ContextError, Operations } from '@fissile/kit/contract';
import { Beta, type HoldRequest, toy } from '@fissile/kit/testing/toy';
import { Balancer } from '../discovery/balancer.js';
import { Discovery } from '../discovery/discovery.js';
import type { DiscoverySettings } from '../discovery/discovery.settings.js';
import type { Instance } from '../discovery/endpoint.js';
import { Breakers } from '../breakers/breakers.js';
import { unreadBreakerMetrics } from '../breakers/unread-breaker-metrics.js';
import type { BreakerSettings } from '../breakers/breaker.settings.js';
import { CallTimes } from '../breakers/call-times.js';
import { freePort, until } from '@fissile/kit/testing';
import { type CallContext, CallDeadline, currentCall, runInCall } from '@fissile/kit/request';
import type { CancellationToken } from '@fissile/kit/async';
import { InternalTokens } from '../internal-tokens.js';
import { transportOf } from '../transports/transports.js';
import type { TransportSettings } from '../transports/transport.settings.js';
import { CallTransport } from './call-transport.js';
import { ContractBinding } from './contract-binding.js';
import { NOT_BEGUN } from './not-begun.js';
import { ContractDispatch } from './contract-dispatch.js';
import { ContractRegistry } from './contract-registry.js';
import { RequestsUnderWay } from './requests-under-way.js';
import { ContractServer } from './contract-server.js';
import { WireCopier } from './message-copier.js';
import { Placement } from '../placement.js';
import { RemoteCalls } from './remote-calls.js';
import type { TopologySettings } from '../topology.settings.js';

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
const CALLER = { userId: 'ada', sessionId: 's', roles: ['member'] };
const ADMIN = { ...CALLER, roles: ['admin'] };

const TOKENS: Record<string, typeof CALLER | undefined> = { 'Bearer good': CALLER, 'Bearer admin': ADMIN };

/** Work behind which an admin is, whose token travels along. */
const asAdmin = <T>(work: () => T): T =>
  runInCall({ requestId: 'r', traceId: '0'.repeat(32), authorization: 'Bearer admin' }, work);

/** The objects of two processes in one, connected over TCP. */
describe('A contract bound to another process', () => {
  let server: ContractServer;
  let tokens: InternalTokens;
  const ownTokens = new InternalTokens(SECRET, 'here');
  let bindingOf: (contract: typeof Operations, caller: string, context?: string) => Operations;
  let calls: RemoteCalls;
  let breakers: Breakers;
  let discovery: Discovery;
  let instance: Instance;
  let beta: Beta;
  let operations: Operations;
  let unguarded: Operations;
  let handler: Record<string, (request: HoldRequest) => Promise<object>>;

  before(async () => {
    Logger.overrideLogger(false);
    const transport = {
      TRANSPORT: 'tcp',
      TRANSPORT_PREFIX: 't',
      CALL_LIMIT_BYTES: 64 * 1024,
      CALL_TIMEOUT_MS: 60_000,
    } as TransportSettings;
    const carrier = new CallTransport(await transportOf(transport));
    const place = { address: '127.0.0.1', httpPort: 0, rpcPort: await freePort() };
    const there = { name: 'there', hosts: ['beta'] as const, ...place };
    const here = { ...there, name: 'here', hosts: ['gateway', 'alpha'] };
    const processes = [here, there].map((process) => ({ ...process, endpoints: [place] }));
    discovery = new Discovery('static', undefined);
    instance = { id: 'there', ...place };
    discovery.found('beta', [instance]);
    const balancer = new Balancer(discovery, {
      EJECT_AFTER_FAILURES: 3,
      EJECT_MS: 1_000,
    } as DiscoverySettings);

    const registry = new ContractRegistry();
    registry.add(Beta, 'beta', {
      hold: (request) => handler['hold']?.(request) as Promise<object>,
      release: (request) => handler['release']?.(request as HoldRequest) as Promise<object>,
      getHeld: () => Promise.reject(new Error('not called in this test')),
    });
    const served = {
      replayDeadLetter: () => handler['replayDeadLetter']?.({} as HoldRequest),
    };
    registry.add(Operations, 'beta', served as never);
    tokens = new InternalTokens(SECRET, 'there');
    server = new ContractServer(
      carrier,
      new Placement(toy, 'two', processes, there),
      registry,
      new ContractDispatch(registry, new RequestsUnderWay()),
      tokens,
      { verify: async (token: string) => TOKENS[token] ?? refuse() } as never,
      { add: () => undefined, addSource: () => undefined } as never,
      { HOST: '127.0.0.1' } as never,
      transport,
    );
    await server.start();

    const placement = new Placement(toy, 'two', processes, here);
    calls = new RemoteCalls(carrier, discovery, balancer, ownTokens, placement);
    breakers = new Breakers(BREAKING, unreadBreakerMetrics());
    const binding = new ContractBinding(
      new ContractDispatch(new ContractRegistry(), new RequestsUnderWay()),
      calls,
      placement,
      new WireCopier(),
      transport,
      { CALL_IDEMPOTENT_TWICE: false } as TopologySettings,
      {
        measure: (_call: unknown, make: () => Promise<unknown>) => make(),
        measureSome: () => undefined,
      } as never,
      breakers,
      new CallTimes(BREAKING),
    );
    beta = binding.client(Beta, 'beta');
    bindingOf = (contract, caller, context = 'beta') => binding.client(contract, context, { caller });
    operations = binding.client(Operations, 'beta', { caller: 'gateway' });
    unguarded = binding.client(Operations, 'beta', { caller: 'gateway', unguarded: true });
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
    let request: HoldRequest | undefined;
    let seen: CallContext | undefined;
    handler['hold'] = async (received) => {
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
    const said = { runId: 'r', slots: [{ slotId: 's', count: 3 }] };
    assert.deepEqual(await runInCall(call, () => beta.hold(said)), {});
    assert.deepEqual(request, said);
    assert.equal(seen?.requestId, 'r-1');
    assert.equal(seen?.traceId, call.traceId);
    assert.deepEqual(seen?.caller, CALLER);
    // The server recomputes the deadline from the remaining time, so the transit time is added.
    assert.ok(Number(seen?.deadline) < deadline + 30_000, 'what is left of the deadline, not a new one');
  });

  it('does not run for a user whose token the other side refuses', async () => {
    let ran = false;
    handler['hold'] = async () => {
      ran = true;
      return {};
    };
    const call = { requestId: 'r', traceId: 't', authorization: 'Bearer forged' };
    await assert.rejects(
      runInCall(call, () => beta.hold({ runId: 'r', slots: [] })),
      { code: 'unauthenticated' },
    );
    assert.equal(ran, false);
  });

  it('fails as it does at home: with promised errors, and nothing of the inside', async () => {
    handler['hold'] = async () => Promise.reject(ContextError.of('saga_ended', 'None left', { slotId: 's' }));
    await assert.rejects(beta.hold({ runId: 'r', slots: [] }), {
      code: 'saga_ended',
      status: 409,
      details: { slotId: 's' },
    });
    handler['hold'] = async () => Promise.reject(new Error('password=hunter2'));
    await assert.rejects(beta.hold({ runId: 'r', slots: [] }), {
      code: 'internal_error',
      message: 'Internal server error',
    });
  });

  it('ends there when the caller has left here', async () => {
    let seen: CancellationToken | undefined;
    const stopped = new Promise<void>((resolve) => {
      handler['hold'] = () => {
        seen = currentCall()?.cancellation;
        seen?.onCancel(resolve);
        return new Promise(() => undefined);
      };
    });
    const client = new CallDeadline(60_000);
    const call = { requestId: 'r', traceId: 't', cancellation: client };
    const waiting = runInCall(call, () => beta.hold({ runId: 'r', slots: [] }));
    await until('the call has arrived', () => seen);
    client.cancel();
    await assert.rejects(waiting, { code: 'cancelled' });
    await stopped;
    assert.equal((seen?.reason as ContextError | undefined)?.code, 'cancelled');
    client.release();
  });

  it('may take longer than others where its contract says that it takes long', async () => {
    mayTake(1_000);
    handler['replayDeadLetter'] = () => new Promise((resolve) => setTimeout(() => resolve({}), 1_500));
    assert.deepEqual(await asAdmin(() => operations.replayDeadLetter({ deadLetterId: 'd' })), {});
  });

  it('is given up when it takes longer than its method may, and refused at once when that goes on', async () => {
    mayTake(1_000);
    let arrived = 0;
    handler['release'] = () => {
      arrived += 1;
      return new Promise(() => undefined);
    };
    const release = () => beta.release({ runId: 'r' });
    const codes: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const short = { requestId: 'r', traceId: 't', deadline: Date.now() + 20 };
      await runInCall(short, release).catch(() => undefined);
    }
    assert.equal(breakers.stateOfCalls('beta'), 'closed', 'callers without time show nothing');
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
    await until('it is let through again', () =>
      release().then(
        () => true,
        () => false,
      ),
    );
    assert.equal(breakers.stateOfCalls('beta'), 'closed');
    assert.equal(arrived, before + 1, 'one call was enough');
  });

  it('goes to another instance at once when one cannot be reached, more often than retries are paid for', async () => {
    handler['release'] = async () => ({});
    const gone = { ...instance, id: 'gone', rpcPort: await freePort() };
    for (let round = 0; round < 10; round += 1) {
      discovery.found('beta', [instance]);
      // Discovered again, so it has not been ejected yet.
      discovery.found('beta', [gone, instance]);
      await Promise.all(Array.from({ length: 5 }, () => beta.release({ runId: 'r' })));
    }
    discovery.found('beta', [instance]);
  });

  it('is made again when it was refused before it began, whatever it does, and tells nobody else of that', async () => {
    let calls = 0;
    const replay = () => asAdmin(() => unguarded.replayDeadLetter({ deadLetterId: 'd' }));
    const refusal = ContextError.of('unavailable', 'This process is stopping', NOT_BEGUN);
    handler['replayDeadLetter'] = async () => ((calls += 1) === 1 ? Promise.reject(refusal) : {});
    await replay();
    assert.equal(calls, 2);
    handler['replayDeadLetter'] = async () => Promise.reject(refusal);
    await assert.rejects(replay(), { code: 'unavailable', details: {} });
    calls = 0;
    handler['replayDeadLetter'] = async () => {
      calls += 1;
      throw ContextError.of('unavailable');
    };
    await assert.rejects(replay(), { code: 'unavailable' });
    assert.equal(calls, 1, 'it may have begun');
  });

  it('is refused where the caller is none of those of the method, or is not hosted by its process, and counted', async () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    const { failures } = tokens;
    const before = failures.countOf('caller');
    handler['replayDeadLetter'] = async () => ({});
    for (const caller of ['alpha', 'beta']) {
      const operations = bindingOf(Operations, caller);
      await assert.rejects(
        asAdmin(() => operations.replayDeadLetter({ deadLetterId: 'd' })),
        { code: 'internal_error' },
      );
    }
    assert.equal(failures.countOf('caller') - before, 2);
    assert.match(String(error.mock.calls.at(0)?.arguments[0]), /replayDeadLetter of beta is not for alpha/);
    error.mock.restore();
  });

  it('is unavailable where the address is that of another process, which is named in the log once', async () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    discovery.found('gamma', [instance]);
    const elsewhere = bindingOf(Operations, 'gateway', 'gamma');
    await assert.rejects(
      asAdmin(() => elsewhere.replayDeadLetter({ deadLetterId: 'd' })),
      { code: 'unavailable', status: 503, details: {}, message: 'The service is unavailable' },
    );
    assert.ok(ownTokens.failures.countOf('refused') > 0);
    const lines = error.mock.calls.map(({ arguments: [line] }) => String(line));
    assert.deepEqual(lines, [`127.0.0.1:${instance.rpcPort} takes no calls for gamma from here (refused)`]);
    error.mock.restore();
  });

  it('of operators is refused unless an admin is behind it', async () => {
    handler['replayDeadLetter'] = async () => ({});
    const replay = () => operations.replayDeadLetter({ deadLetterId: 'd' });
    await assert.rejects(replay(), { code: 'unauthenticated' });
    const member = { requestId: 'r', traceId: '0'.repeat(32), authorization: 'Bearer good' };
    await assert.rejects(runInCall(member, replay), { code: 'forbidden' });
    assert.deepEqual(await asAdmin(replay), {});
  });
});

function refuse(): never {
  throw ContextError.of('unauthenticated');
}
