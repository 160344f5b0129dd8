import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import {
  ANY_PROCESS,
  type Contract,
  type ContextName,
  type ContractMethod,
  hasCode,
  type Component,
  type Implementation,
} from '@fissile/kit/contract';
import type { Instance } from '../discovery/endpoint.js';
import { Breakers } from '../breakers/breakers.js';
import { CallTimes } from '../breakers/call-times.js';
import { CallMetrics, inSpan, isTracing, runUnasked, traceIdOf } from '@fissile/kit/observability';
import { type CallContext, CallDeadline, currentCall, runInCall } from '@fissile/kit/request';
import { RetryBudget } from './retry-budget.js';
import { TransportSettings } from '../transports/transport.settings.js';
import { callSpan } from '../call-spans.js';
import { ContractDispatch } from './contract-dispatch.js';
import { isIdempotent } from './idempotency.js';
import { encodeMessage } from './message-codec.js';
import { MessageCopier } from './message-copier.js';
import { asSeenByCaller, hasNotBegun } from './not-begun.js';
import { Placement } from '../placement.js';
import { RemoteCalls } from './remote-calls.js';
import { TopologySettings } from '../topology.settings.js';

const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 25;

/** The caller and the target of a client. */
export interface ClientOptions {
  /** Without a caller, the process itself calls, for example to fetch keys or to deliver events. */
  readonly caller?: Component;
  /** The only remote instance to call. */
  readonly at?: Instance | undefined;
  /** Bypasses the breaker: calls that concern a process must reach it even when no other call does. */
  readonly unguarded?: boolean;
}

interface BoundCall {
  readonly caller: Component | typeof ANY_PROCESS;
  readonly service: string;
  readonly context: ContextName;
  /** The name of the method in TypeScript. */
  readonly name: string;
  readonly method: ContractMethod;
  readonly request: unknown;
  readonly longRunning: boolean;
  /** The instance to call; otherwise the placement and the balancer choose it. */
  readonly at?: Instance | undefined;
  readonly unguarded: boolean;
}

/** A call in progress, possibly with several attempts. */
interface CallUnderWay {
  readonly bound: BoundCall;
  readonly call: CallContext;
  readonly deadline: CallDeadline;
  /** The ids of instances that were tried. */
  readonly tried: Set<string>;
}

/**
 * Binds the contracts that business code requests to their implementations: an object in this process, or another
 * process. Each call looks up the placement, so it may change while the process runs. A local call behaves as a
 * remote one: it passes copies, is cancelled at its deadline, and fails only with errors of the error catalogue.
 */
@Injectable()
export class ContractBinding {
  private readonly budgets = new Map<ContextName, RetryBudget>();

  constructor(
    private readonly dispatch: ContractDispatch,
    private readonly remote: RemoteCalls,
    private readonly placement: Placement,
    private readonly copier: MessageCopier,
    private readonly transport: TransportSettings,
    private readonly topology: TopologySettings,
    private readonly metrics: CallMetrics,
    private readonly breakers: Breakers,
    private readonly times: CallTimes,
  ) {}

  /** The client object that callers of a contract use. */
  client<C extends Contract>(
    contract: C,
    context: ContextName,
    { caller, at, unguarded = false }: ClientOptions = {},
  ): Implementation<C> {
    const { fullName: service, methods } = contract.definition;
    const long = new Set(contract.traits.longRunning);
    const bound = Object.entries(methods).map(([name, method]) => [
      name,
      (request: unknown) =>
        this.begin({
          caller: caller ?? ANY_PROCESS,
          service,
          context,
          name,
          method,
          request,
          longRunning: long.has(name),
          at,
          unguarded,
        }),
    ]);
    return Object.fromEntries(bound) as Implementation<C>;
  }

  private begin(bound: BoundCall): Promise<unknown> {
    const caller = currentCall();
    return caller ? this.call(bound, caller) : runUnasked(() => this.call(bound, newCall()));
  }

  private async call(bound: BoundCall, caller: CallContext): Promise<unknown> {
    const isLocal = this.isLocal(bound);
    const mayTakeMs = Math.min(this.transport.CALL_TIMEOUT_MS, isLocal ? Infinity : this.times.of(bound));
    const hasItsTime = (caller.deadline ?? Infinity) >= Date.now() + mayTakeMs;
    const deadline = new CallDeadline(mayTakeMs, caller);
    const call = { ...caller, deadline: deadline.at, cancellation: deadline };
    const make = (): Promise<unknown> => this.callWithRetries({ bound, call, deadline, tried: new Set() });
    try {
      // Calling twice reveals methods that are declared idempotent but are not.
      if (this.topology.CALL_IDEMPOTENT_TWICE && isIdempotent(bound.method)) {
        await this.attempt({ bound, call, deadline, tried: new Set() }).catch(() => undefined);
      }
      if (isLocal || bound.at || bound.unguarded) return await make();
      // When the caller has less time left than the call may take, a timeout says nothing about the target.
      const isCallers = (error: unknown): boolean => !hasItsTime && hasCode(error, 'deadline_exceeded');
      return await this.breakers.forCalls(bound.context).run(make, isCallers);
    } finally {
      deadline.release();
    }
  }

  /** Retries idempotent methods when no response arrived, and every call that was refused before it began. */
  private async callWithRetries(underWay: CallUnderWay): Promise<unknown> {
    const { bound, deadline } = underWay;
    const budget = this.budgetOf(bound.context);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.attempt(underWay);
        budget.earn();
        this.measureSize(bound, answer);
        return answer;
      } catch (error) {
        const isUnanswered = isIdempotent(bound.method) && hasCode(error, 'unavailable');
        const mayRepeat = isUnanswered || hasNotBegun(error);
        if (!mayRepeat || attempt >= MAX_ATTEMPTS) throw asSeenByCaller(error);
        // Another instance may be healthy: the first retry goes there at once and costs no retry budget.
        if (attempt === 1 && this.canRetryOther(underWay)) continue;
        const pauseMs = FIRST_PAUSE_MS * 4 ** (attempt - 1) * (0.5 + Math.random());
        if (pauseMs >= deadline.remainingMs || !budget.spend()) throw asSeenByCaller(error);
        await deadline.pause(pauseMs);
      }
    }
  }

  private measureSize({ caller, context, name, method, request }: BoundCall, answer: unknown): void {
    this.metrics.measureSome({ caller, context, method: name }, () => {
      return (
        encodeMessage(method.requestType, request).length + encodeMessage(method.responseType, answer).length
      );
    });
  }

  private isLocal({ context, at }: BoundCall): boolean {
    return at === undefined && this.placement.isLocal(context);
  }

  private canRetryOther({ bound, tried }: CallUnderWay): boolean {
    return tried.size > 0 && this.remote.hasAnother(bound.context, tried);
  }

  private async attempt({ bound, call, deadline, tried }: CallUnderWay): Promise<unknown> {
    const isLocal = this.isLocal(bound);
    const { caller, service, context, name, method } = bound;
    const make = (): Promise<unknown> =>
      this.metrics.measure({ caller, context, method: name, via: isLocal ? 'local' : 'remote' }, () =>
        isLocal
          ? this.callLocal(bound, call, deadline)
          : this.remote.make({ ...bound, call, deadline, tried }),
      );
    if (!isTracing()) return make();
    const system = isLocal ? 'local' : this.transport.TRANSPORT;
    return inSpan(
      callSpan(isLocal ? 'internal' : 'client', { service, context, method: method.name, system }),
      make,
    );
  }

  private async callLocal(
    { caller, service, context, name, method, request }: BoundCall,
    call: CallContext,
    deadline: CallDeadline,
  ): Promise<unknown> {
    const copy = this.copier.copy(method.requestType, request);
    const callers = this.callersOf(caller);
    const answer = await runInCall({ ...call, callers }, () =>
      deadline.race(this.dispatch.run(service, context, name, copy, callers)),
    );
    return this.copier.copy(method.responseType, answer);
  }

  /** Who calls without a component's name calls for any that its process hosts, here as from elsewhere. */
  private callersOf(caller: BoundCall['caller']): readonly Component[] {
    return caller === ANY_PROCESS ? this.placement.identities : [caller];
  }

  private budgetOf(context: ContextName): RetryBudget {
    const known = this.budgets.get(context) ?? new RetryBudget();
    this.budgets.set(context, known);
    return known;
  }
}

/** Work that no request caused starts a new call. */
function newCall(): CallContext {
  return { requestId: randomUUID(), traceId: traceIdOf(undefined) };
}
