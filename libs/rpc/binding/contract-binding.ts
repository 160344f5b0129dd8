import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import {
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
import { CallMetrics, inSpan, isTracing, traceIdOf } from '@fissile/kit/observability';
import { type CallContext, CallDeadline, currentCall, runInCall } from '@fissile/kit/request';
import { RetryBudget } from './retry-budget.js';
import { TransportSettings } from '../transports/transport.settings.js';
import { callSpan } from '../call-spans.js';
import { ContractDispatch } from './contract-dispatch.js';
import { MessageCopier } from './message-copier.js';
import { Placement } from '../placement.js';
import { RemoteCalls } from './remote-calls.js';
import { TopologySettings } from '../topology.settings.js';

const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 25;

/** Whose a call is, and where it must go. */
export interface ClientOptions {
  /** Without one, the process calls for itself: it fetches keys, hands events over. */
  readonly caller?: Component;
  /** An instance elsewhere that is meant, and no other. */
  readonly at?: Instance | undefined;
  /** Without a breaker: what concerns a process must reach it even when nothing else does. */
  readonly unguarded?: boolean;
}

interface BoundCall {
  readonly caller: Component | 'process';
  readonly service: string;
  readonly context: ContextName;
  /** The name of the method in TypeScript. */
  readonly name: string;
  readonly method: ContractMethod;
  readonly request: unknown;
  readonly longRunning: boolean;
  /** The instance to call; else whichever the placement and the balancer say. */
  readonly at?: Instance | undefined;
  readonly unguarded: boolean;
}

/** A call that is made, perhaps more than once. */
interface CallUnderWay {
  readonly bound: BoundCall;
  readonly call: CallContext;
  readonly deadline: CallDeadline;
  /** The ids of instances where it was tried. */
  readonly tried: Set<string>;
}

/**
 * Binds the contracts that business code asks for to whoever implements them: an object of this process, or another
 * process. The placement is looked up at each call, so it may change while the process runs. Near and far, a call hands
 * over copies, ends at its deadline, and fails with errors of the catalogue alone.
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

  /** The object that callers of a contract hold. */
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
        this.call({
          caller: caller ?? 'process',
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

  private async call(bound: BoundCall): Promise<unknown> {
    const caller = currentCall() ?? newCall();
    const isLocal = this.isLocal(bound);
    const mayTakeMs = Math.min(this.transport.CALL_TIMEOUT_MS, isLocal ? Infinity : this.times.of(bound));
    const hasItsTime = (caller.deadline ?? Infinity) >= Date.now() + mayTakeMs;
    const deadline = new CallDeadline(mayTakeMs, caller);
    const call = { ...caller, deadline: deadline.at, cancellation: deadline };
    const make = (): Promise<unknown> => this.callWithRetries({ bound, call, deadline, tried: new Set() });
    try {
      // What is idempotent in name only shows itself when it is done twice.
      if (this.topology.CALL_IDEMPOTENT_TWICE && isIdempotent(bound.method)) {
        await this.attempt({ bound, call, deadline, tried: new Set() }).catch(() => undefined);
      }
      if (isLocal || bound.at || bound.unguarded) return await make();
      // A caller with less time than the call may take learns nothing of the other side when it is over.
      const isCallers = (error: unknown): boolean => !hasItsTime && hasCode(error, 'deadline_exceeded');
      return await this.breakers.forCalls(bound.context).run(make, isCallers);
    } finally {
      deadline.release();
    }
  }

  /** Tries again when the call did not reach its end, and only what may safely be done twice. */
  private async callWithRetries(underWay: CallUnderWay): Promise<unknown> {
    const { bound, deadline } = underWay;
    const budget = this.budgetOf(bound.context);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.attempt(underWay);
        budget.earn();
        return answer;
      } catch (error) {
        const mayRetry =
          isIdempotent(bound.method) && hasCode(error, 'unavailable') && attempt < MAX_ATTEMPTS;
        if (!mayRetry) throw error;
        // Another instance is not the one in trouble: the call goes there at once, the first time without paying.
        if (attempt === 1 && this.canGoElsewhere(underWay)) continue;
        const pauseMs = FIRST_PAUSE_MS * 4 ** (attempt - 1) * (0.5 + Math.random());
        if (pauseMs >= deadline.remainingMs || !budget.spend()) throw error;
        await deadline.pause(pauseMs);
      }
    }
  }

  private isLocal({ context, at }: BoundCall): boolean {
    return at === undefined && this.placement.isLocal(context);
  }

  private canGoElsewhere({ bound, tried }: CallUnderWay): boolean {
    return tried.size > 0 && this.remote.canGoElsewhere(bound.context);
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
    { service, context, name, method, request }: BoundCall,
    call: CallContext,
    deadline: CallDeadline,
  ): Promise<unknown> {
    const copy = this.copier.copy(method.requestType, request);
    const answer = await runInCall(call, () =>
      deadline.race(this.dispatch.run(service, context, name, copy)),
    );
    return this.copier.copy(method.responseType, answer);
  }

  private budgetOf(context: ContextName): RetryBudget {
    const known = this.budgets.get(context) ?? new RetryBudget();
    this.budgets.set(context, known);
    return known;
  }
}

function isIdempotent({ options }: ContractMethod): boolean {
  return options.idempotencyLevel !== undefined;
}

/** Work that no request has caused begins a call of its own. */
function newCall(): CallContext {
  return { requestId: randomUUID(), traceId: traceIdOf(undefined) };
}
